import TestSupport
import Testing

/// What another package can do with ours, and that it is held to that.
struct OutsidePackageTests {
  @Test func packageCompiles() throws {
    var sources = try OutsidePackage.sources(in: "Tests/OutsidePackage")
    #expect(!sources.isEmpty)
    sources["Pendulum.swift"] = try OutsidePackage.text(of: "Tests/TasksTests/Pendulum.swift")
    let complaints = try OutsidePackage.complaints(about: sources)
    #expect(complaints == "")
  }

  @Test(
    "mistakes are found",
    arguments: [
      ("let number: Int = \"one\"", "cannot convert value of type 'String'"),
      (
        """
        import Differentiation
        let storage = Tape<Double>().storage
        """, "'storage' is inaccessible due to 'internal' protection level"
      ),
      (
        """
        import Randomness
        public let key = PRNGKey(seed: 1)
        """, "uses an internal type"
      ),
      ("public import Randomness", "public import of 'Randomness' was not used"),
      ("import Optimizers", "imports what no product has: Optimizers"),
    ])
  func mistakes(source: String, complaint: String) throws {
    let complaints = try OutsidePackage.complaints(about: ["main.swift": source])
    #expect(complaints.contains(complaint), "\(complaints)")
  }
}
