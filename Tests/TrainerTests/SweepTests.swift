import Foundation
import Settings
import TestSupport
import Testing

@testable import Trainer

struct SweepTests {
  private func values(_ text: String, of name: String = "sigma") throws -> [String] {
    let declaration = try #require(RunSettings.declarations.first { $0.name == name })
    return try SweepAxis.values(of: text, for: declaration)
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
      let values = sweep.combinations[point.combination]
      #expect(zip(sweep.axes, values).allSatisfy { point.settings[$0.name] == $1 })
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
    #expect(read.combinations == [["0.1"], ["0.3"]])
    #expect(throws: (any Error).self) { try sweep.write(in: folder("sweep")) }
    // Of a settings file the place is noted: it is gone on with from another folder.
    let own = try Sweep("own.yaml", given: RunSettings(["sigma": "0.1,0.3"]), seeds: ["1"])
    try own.write(in: folder("own"))
    let file = try Sweep(in: folder("own")).experiment
    #expect(file.hasPrefix("/") && file.hasSuffix("/own.yaml"))
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

  private func range(_ text: String, of name: String) throws -> SweepRange? {
    let declaration = try #require(RunSettings.declarations.first { $0.name == name })
    return try SweepRange(text, of: declaration)
  }

  @Test func rangesAreDrawnOfByOrdersOfMagnitude() throws {
    let sigma = try #require(try range("0.01..1", of: "sigma"))
    #expect([0, 0.25, 0.5, 1].map(sigma.value) == ["0.01", "0.0316", "0.1", "1"])
    #expect(sigma.number(in: "0.0316") == 0.0316 && sigma.isLogarithmic)
    let rate = try #require(
      try range("SGD||CONSTANT{1e-6..1e-2}", of: "outer-optimizer-specs"))
    #expect(rate.value(at: 0.5) == "SGD||CONSTANT0.0001")
    #expect(rate.number(in: "SGD||CONSTANT0.0001") == 1e-4)
    #expect(rate.number(in: "ADAM||CONSTANT0.0001") == nil)
    // Every whole number has its part, the last one too.
    let period = try #require(try range("1..3", of: "K"))
    #expect(
      [0, 0.49, 0.51, 0.79, 0.8, 0.999, 1].map(period.value) == ["1", "1", "2", "2", "3", "3", "3"])
    let start = try #require(try range("-1..1", of: "lorenz-init-loga"))
    #expect(!start.isLogarithmic && [0, 0.5, 1].map(start.value) == ["-1", "0", "1"])
    #expect(try range("0.1", of: "sigma") == nil && range("../a", of: "data-dir") == nil)
    for text in ["1..0.1", "0.1..", "..", "a..b", "0.1..inf", "1..1"] {
      #expect(throws: SettingsError.self) { try range(text, of: "sigma") }
    }
    #expect(throws: SettingsError.self) { try range("1.5..3", of: "K") }
  }

  @Test func aRandomSweepIsDrawnAnewTheSame() throws {
    let given = RunSettings(["sigma": "0.01..1", "K": "100,1000", "trunc-length": "100"])
    func sweep(_ seed: Int, count: Int = 40) throws -> Sweep {
      try Sweep(
        "swimmer-nres", given: given, seeds: ["1", "2"], draw: .init(count: count, seed: seed))
    }
    let (one, same, other) = (try sweep(0), try sweep(0), try sweep(1))
    #expect(one.combinations == same.combinations && one.combinations != other.combinations)
    #expect(one.combinations.count == 40 && Set(one.combinations).count == 40)
    #expect(one.points.count == 80)
    // More of them are the same and others.
    #expect(try Array(sweep(0, count: 60).combinations.prefix(40)) == one.combinations)
    let axis = try #require(one.axes.firstIndex { $0.name == "sigma" })
    let below = one.combinations.count { (Double($0[axis]) ?? 1) < 0.1 }
    #expect((10...30).contains(below))
    #expect(Set(one.combinations.map { $0[1 - axis] }) == ["100", "1000"])
    try one.check()
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    func error(_ texts: [String: String], draw: Int?) throws -> String {
      let draw = draw.map { Sweep.Draw(count: $0, seed: 0) }
      let error = #expect(throws: SettingsError.self) {
        try Sweep("swimmer-nres", given: RunSettings(texts), seeds: ["1"], draw: draw)
      }
      return "\(try #require(error))"
    }
    #expect(try error(["sigma": "0.1..1"], draw: nil).contains("needs --random"))
    #expect(try error(["sigma": "0.1..1,2"], draw: 3).contains("a range or a list"))
    #expect(try error(["K": "1,2,3"], draw: 4).contains("only some 3 different combinations"))
    #expect(try error([:], draw: 4).contains("no flag has several values"))
  }

  @Test func whatIsNoSweepIsRefused() throws {
    let folder = try TemporaryFolder()
    let sweep = try Sweep("swimmer-nres", given: RunSettings(["sigma": "0.1,0.3"]), seeds: [])
    try sweep.write(in: folder("sweep"))
    let text = try String(contentsOfFile: folder("sweep/sweep.json"), encoding: .utf8)
    for (old, new) in [
      ("\"0.3\"\n", "\"0.3\", \"0.4\"\n"), ("\"sigma\"", "\"sigmo\""), ("{", "["),
    ] {
      let other = text.replacingOccurrences(of: old, with: new)
      #expect(other != text, "\(old)")
      _ = try folder.file("sweep/sweep.json", other.utf8)
      let error = #expect(throws: (any Error).self) {
        let read = try Sweep(in: folder("sweep"))
        if read.combinations == sweep.combinations { throw SettingsError("\(old) is read") }
      }
      #expect("\(try #require(error))".contains("is not what `nres sweep` writes"), "\(old)")
    }
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    func error(_ texts: [String: String], seeds: [String] = [], halving: Bool = false) throws
      -> String
    {
      let error = #expect(throws: SettingsError.self) {
        try Sweep("swimmer-nres", given: RunSettings(texts), seeds: seeds, isHalving: halving)
          .check()
      }
      return "\(try #require(error))"
    }
    #expect(
      try error(["gym-env-name": "Swimmer-v4,Hopper-v4"]).contains("several tasks"))
    #expect(try error(["remaining-seed": "1,2"], seeds: ["3"]).contains("exclude each other"))
    #expect(
      try error(["sigma": "1,2", "eval-freq": "500"], halving: true).contains(
        "evaluations on the way"))
    #expect(
      try error(["sigma": "1,2", "eval-freq": "5,6"], halving: true).contains(
        "give --eval-freq one value"))
    let name = String(repeating: "1", count: 300)
    #expect(try error(["sigma": "0.1,0.\(name)"]).contains("too long for a folder's name"))
  }

  @Test func halvingGoesOnWithTheBetterHalf() throws {
    let given = RunSettings([
      "sigma": "0.1,0.2,0.3,0.4,0.5", "outer-iterations": "100", "eval-freq": "4",
    ])
    let sweep = try Sweep("swimmer-nres", given: given, seeds: ["1"], isHalving: true)
    #expect(try sweep.rungs() == [12, 28, 52, 100])
    let scores = [1.0, 5, nil, 5, 3]
    #expect(sweep.betterHalf(of: Array(0..<5)) { scores[$0] } == [1, 3, 4])
    #expect(sweep.betterHalf(of: [1, 3]) { scores[$0] } == [1])
    #expect(sweep.betterHalf(of: [2]) { scores[$0] } == [2])
    var plain = sweep
    plain.isHalving = false
    #expect(try plain.rungs() == [nil])
    for (name, value, wanted) in [
      ("run-test-during-training", "false", "add --run-test-during-training"),
      ("outer-iterations", "5,6", "give --outer-iterations one number"),
    ] {
      var given = given
      given[name] = value
      let refused = try Sweep("swimmer-nres", given: given, seeds: ["1"], isHalving: true)
      let error = #expect(throws: SettingsError.self) { try refused.check() }
      #expect(error?.description.contains(wanted) == true)
    }
  }
}
