import Foundation
import TestSupport
import Testing

@testable import nres

struct CompareTests {
  /// Runs of two seeds, and of two seeds with a larger step, evaluated at their end.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, rate) in [("small", "1e-3"), ("large", "1e0")] {
      let outcome = try Command.train(
        "--seed-list", "23,29", "--outer-optimizer-specs", "SGD||CONSTANT\(rate)", in: folder,
        run: name)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    return folder
  }

  private struct Row: Decodable {
    var name: String
    var runs: Int
    var mean, median: Double
    var improvement: Double?
    var improvementInterval: [Double]?
    var probabilityOfImprovement: Double?
  }

  private func rows(_ text: String) throws -> [Row] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try text.split(separator: "\n").map { try decoder.decode(Row.self, from: Data($0.utf8)) }
  }

  @Test func groupsOfSeeds() throws {
    let folder = try folder()
    let table = try Command.run("compare", "small", "large", in: folder)
    #expect(table.status == 0 && table.error.isEmpty)
    let lines = table.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "last reward, higher is better")
    #expect(lines.contains { $0.hasPrefix("A  small  2 ") })
    #expect(lines.contains { $0.hasPrefix("B  large  2 ") && $0.contains(" [") })
    #expect(lines.contains { $0.hasPrefix("23 ") } && lines.contains { $0.hasPrefix("29 ") })
    #expect(
      lines.suffix(1) == ["outer-optimizer-specs  SGD||CONSTANT1e-3  SGD||CONSTANT1e0"])

    let found = try rows(Command.run("compare", "small", "large", "--json", in: folder).output)
    #expect(found.map(\.name) == ["small", "large"])
    #expect(found.map(\.runs) == [2, 2])
    #expect(found[0].improvement == nil)
    let improvement = try #require(found[1].improvement)
    #expect(abs(improvement - (found[1].mean - found[0].mean)) < 1e-9)
    let interval = try #require(found[1].improvementInterval)
    #expect(interval[0] <= improvement && improvement <= interval[1])

    let drawn = try Command.run(
      "compare", "small", "large", "--output", "which.svg", in: folder)
    #expect(drawn.output == table.output && drawn.error == "nres: wrote which.svg\n")
    #expect(try Data(contentsOf: URL(filePath: folder("which.svg"))).count > 2000)
    let other = try Command.run("compare", "small", "large", "--output", "which.gif", in: folder)
    #expect(other.status == 64 && other.error.contains("must end in .png, .svg or .pdf"))

    // Turned round it is as much worse, and as improbable.
    let turned = try rows(Command.run("compare", "large", "small", "--json", in: folder).output)
    #expect(abs(try #require(turned[1].improvement) + improvement) < 1e-9)
    let sum =
      try #require(turned[1].probabilityOfImprovement)
      + #require(found[1].probabilityOfImprovement)
    #expect(abs(sum - 1) < 1e-12)
  }

  @Test func singleRunsHaveNoInterval() throws {
    let folder = try folder()
    let found = try rows(
      Command.run("compare", "small/seed-23", "large", "--json", in: folder).output)
    #expect(found[0].runs == 1 && found[1].improvement != nil)
    #expect(found[1].improvementInterval == nil)
    // A group beside itself is no better.
    let same = try rows(Command.run("compare", "small", "small", "--json", in: folder).output)
    #expect(same[1].improvement == 0 && same[1].probabilityOfImprovement == 0.5)
  }

  @Test func badInput() throws {
    let folder = try folder()
    func error(_ words: String...) throws -> String {
      let outcome = try Command.run(["compare"] + words, in: folder)
      #expect(outcome.status != 0 && outcome.output.isEmpty)
      return outcome.error
    }
    #expect(
      try error("small") == "nres: one group of runs is named: name two or more to compare\n")
    #expect(try error("small", "none").contains("none: no such folder"))
    try FileManager.default.createDirectory(
      atPath: folder("empty"), withIntermediateDirectories: false)
    #expect(try error("small", "empty").contains("empty: holds no run"))
    #expect(try error("small", "large", "--score", "bets").contains("did you mean 'best'?"))
    let lorenz = try LorenzTests.train(in: folder, run: "lorenz")
    #expect(lorenz.status == 0)
    #expect(try error("small", "lorenz").contains("compare runs of one task"))
  }

  /// A run that has diverged is beaten by every other one, whichever is compared with which.
  @Test func whatHasDivergedIsTheWorst() throws {
    let folder = try folder()
    let log = try #require(
      FileHandle(forUpdatingAtPath: folder("small/seed-23/scalars.csv")))
    try log.seekToEnd()
    try log.write(contentsOf: Data("9,test/unperturbed_test_reward,nan,9\n".utf8))
    let one = try rows(Command.run("compare", "small", "large", "--json", in: folder).output)
    let other = try rows(Command.run("compare", "large", "small", "--json", in: folder).output)
    let sum =
      try #require(one[1].probabilityOfImprovement)
      + (try #require(other[1].probabilityOfImprovement))
    #expect(abs(sum - 1) < 1e-12)
    let same = try rows(Command.run("compare", "small", "small", "--json", in: folder).output)
    #expect(same[1].probabilityOfImprovement == 0.5 && same[1].improvement == nil)
    let text = try Command.run("compare", "small", "small", "--output", "a.svg", in: folder)
    #expect(text.status == 0 && text.output.contains("\n23 "))
    #expect(text.output.contains("Intervals of 2 runs are too narrow"))
  }

  /// Loss is better where it is lower.
  @Test func aLowerLossIsAnImprovement() throws {
    let folder = try TemporaryFolder()
    for (name, count) in [("short", "1"), ("long", "3")] {
      #expect(
        try LorenzTests.train(
          "--outer-iterations", count, "--eval-freq", "1", in: folder, run: name
        ).status == 0)
    }
    let outcome = try Command.run("compare", "short", "long", "--json", in: folder)
    let found = try rows(outcome.output)
    #expect(found[0].mean != found[1].mean)
    // Of two runs it would say no more than the sign.
    #expect(found[1].probabilityOfImprovement == nil)
    #expect(abs(try #require(found[1].improvement) - (found[0].mean - found[1].mean)) < 1e-9)
  }
}
