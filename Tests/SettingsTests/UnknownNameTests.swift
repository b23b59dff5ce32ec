import Settings
import Testing

struct UnknownNameTests {
  private static let choices = ["SGD", "SGDM", "Adam"]

  private func nearest(_ name: String, _ choices: [String] = Self.choices) -> String? {
    UnknownName(kind: "optimizer", name: name, choices: choices).nearest
  }

  @Test func slipsFindTheirName() {
    #expect(nearest("sgdn") == "SGD")
    #expect(nearest("sgdmm") == "SGDM")
    #expect(nearest("adma") == "Adam")
    #expect(nearest("aam") == "Adam")
    #expect(nearest("Adammm") == "Adam")
    #expect(nearest("ADAM ") == "Adam")
  }

  /// Counts insertions, deletions and replacements: of the choices, `kitten` is three from `sitting`.
  @Test func editsAreCounted() {
    #expect(nearest("sitting", ["kitten", "sixties!"]) == "kitten")
    #expect(nearest("sitting", ["kitten", "sittin"]) == "sittin")
    #expect(nearest("flaw", ["lawn"]) == "lawn")
    #expect(nearest("é", ["é!"]) == "é!")
  }

  @Test func whatIsFarHasNoNearest() {
    // However long: nobody waits for it.
    #expect(nearest(String(repeating: "k", count: 1_000_000)) == nil)
    #expect(nearest("momentum") == nil)
    #expect(nearest("") == nil)
    #expect(nearest("adam", []) == nil)
    #expect(nearest("sitting", ["kit"]) == nil)
  }

  @Test func aNameWithNothingInCommonIsNoSlip() {
    #expect(nearest("xy", ["rl"]) == nil)
    #expect(nearest("k", ["a"]) == nil)
  }

  @Test func textsAreOneLine() {
    let slip = UnknownName(kind: "optimizer", name: "adma", choices: Self.choices)
    #expect(
      slip.description
        == "unknown optimizer 'adma', did you mean 'Adam'? choose from: SGD, SGDM, Adam")
    let far = UnknownName(kind: "optimizer", name: "momentum", choices: Self.choices)
    #expect(far.description == "unknown optimizer 'momentum'; choose from: SGD, SGDM, Adam")
  }
}
