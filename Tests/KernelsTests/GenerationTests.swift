import CKernels
import Testing

extension KernelTests {
  @Suite struct Generations {
    @Test(arguments: ["", "x86-64", "x86-64-v5", "BASELINE"]) func unknownName(name: String) {
      let before = String(cString: ckernels_generation())
      #expect(ckernels_use_generation(name) == 0)
      #expect(String(cString: ckernels_generation()) == before)
    }

    @Test func everyKnownNameIsChosen() {
      let before = String(cString: ckernels_generation())
      defer { ckernels_use_generation(before) }
      #expect(generations.last == "baseline")
      for name in generations {
        #expect(ckernels_use_generation(name) == 1)
        #expect(String(cString: ckernels_generation()) == name)
      }
      #expect(ckernels_use_generation(nil) == 1)
      #expect(String(cString: ckernels_generation()) == generations.first)
    }
  }
}
