import Settings
import TestSupport
import Testing

@testable import Trainer

struct SweepTests {
  private func values(_ text: String, of name: String = "sigma") throws -> [String] {
    let declaration = try #require(RunSettings.declarations.first { $0.name == name })
    return try Sweep.values(of: text, for: declaration)
  }

  @Test(arguments: [
    ("0.1", ["0.1"]), ("0.1,0.3", ["0.1", "0.3"]), (" 0.1 , 0.3", ["0.1", "0.3"]),
    ("a(1,2),b", ["a(1,2)", "b"]), ("a(1,2);b", ["a(1,2)", "b"]), ("a,b;c", ["a,b", "c"]),
  ])
  func commasOutsideOfParenthesesSplit(_ text: String, _ expected: [String]) throws {
    #expect(try values(text) == expected)
  }

  @Test func listsOfListsAreSplitBySemicolons() throws {
    #expect(try values("32,32;16", of: "lopt-hidden-dims") == ["32,32", "16"])
    #expect(try values("32,32", of: "lopt-hidden-dims") == ["32,32"])
    #expect(
      try values("healthy_z_range=0.7,inf; healthy_z_range=0.5,inf", of: "env-option")
        == ["healthy_z_range=0.7,inf", "healthy_z_range=0.5,inf"])
  }

  @Test(arguments: ["0.1,", ",0.1", "0.1,0.1", "0.1;;0.2"])
  func emptyAndRepeatedValuesAreRefused(_ text: String) {
    let error = #expect(throws: SettingsError.self) { try values(text) }
    #expect(error?.description.hasPrefix("--sigma is '\(text)': give different values") == true)
  }

  @Test func everyCombinationIsARun() throws {
    let given = RunSettings([
      "sigma": "0.1,0.3", "K": "100,1000", "outer-iterations": "7",
      "outer-optimizer-specs": "SGD||PIECEWISE_CONSTANT1e0(5,0.1)",
    ])
    let sweep = try Sweep("swimmer-nres", given: given, seeds: ["23", "29"])
    #expect(sweep.axes.map(\.name).sorted() == ["K", "sigma"])
    let points = sweep.points
    #expect(points.count == 8)
    #expect(Set(points.map(\.place)).count == 8)
    #expect(points.map(\.place).contains("K=100,sigma=0.3/seed-29"))
    for point in points {
      #expect(point.settings["outer-iterations"] == "7")
      #expect(zip(sweep.axes, point.values).allSatisfy { point.settings[$0.name] == $1 })
      #expect(point.place.hasSuffix("seed-\(point.settings["remaining-seed"] ?? "")"))
    }
    // Without seeds a run has the experiment's.
    let alone = try Sweep("swimmer-nres", given: given, seeds: [])
    #expect(alone.points.map(\.place).contains("K=100,sigma=0.3"))
    #expect(alone.points.allSatisfy { $0.settings["remaining-seed"] == nil })
  }

  @Test func aSweepIsReadBack() throws {
    let folder = try TemporaryFolder()
    let sweep = try Sweep("swimmer-nres", given: RunSettings(["sigma": "0.1,0.3"]), seeds: ["1"])
    try sweep.write(in: folder("sweep"))
    let read = try Sweep(in: folder("sweep"))
    #expect(read.points == sweep.points && read.experiment == "swimmer-nres")
    #expect(throws: (any Error).self) { try sweep.write(in: folder("sweep")) }
  }

  @Test func whatIsWrongWithAnyRunIsSaidBefore() throws {
    func error(_ texts: [String: String]) throws -> String {
      let sweep = try Sweep("swimmer-nres", given: RunSettings(texts), seeds: [])
      let error = #expect(throws: (any Error).self) { try sweep.check() }
      return "\(try #require(error))"
    }
    #expect(try error(["sigma": "0.1,x"]).contains("--sigma is 'x'"))
    #expect(try error(["trunc-length": "100,2000"]).contains("longer than --horizon-length"))
    // Values that differ where a file's name cannot.
    let rates = "SGD||CONSTANT1;SGD__CONSTANT1"
    #expect(try error(["outer-optimizer-specs": rates]).contains("SGD__CONSTANT1"))
    let none = #expect(throws: SettingsError.self) {
      try Sweep("swimmer-nres", given: RunSettings(["sigma": "0.1"]), seeds: [])
    }
    #expect(none?.description.hasPrefix("no flag has several values") == true)
  }
}
