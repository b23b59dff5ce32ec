import CKernels
import Foundation
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

    // The environment is the process's, and read once.
    @Test func environmentNamesAGeneration() async {
      await #expect(processExitsWith: .success) {
        unsetenv("NRES_PROCESSOR")
        #expect(ckernels_environment_is_valid() == 1)
        setenv("NRES_PROCESSOR", "", 1)
        #expect(ckernels_environment_is_valid() == 1)
        setenv("NRES_PROCESSOR", "baseline", 1)
        #expect(String(cString: ckernels_generation()) == "baseline")
        for name in generations {
          setenv("NRES_PROCESSOR", name, 1)
          #expect(ckernels_environment_is_valid() == 1)
        }
      }
    }

    @Test func environmentNamesNoGeneration() async {
      await #expect(processExitsWith: .success) {
        for name in ["x86-64", "x86-64-v5", "BASELINE"] {
          setenv("NRES_PROCESSOR", name, 1)
          #expect(ckernels_environment_is_valid() == 0)
        }
        #expect(String(cString: ckernels_generation()) == generations.first)
      }
    }
  }
}
