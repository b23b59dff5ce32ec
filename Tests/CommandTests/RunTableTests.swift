import Foundation
import TestSupport
import Testing

@testable import Trainer
@testable import nres

/// What the table of runs shows where there is much room, and where there is little.
struct RunTableTests {
  private func rows() throws -> [RunRow] {
    let folder = try TemporaryFolder()
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    return try [
      "rl/swimmer-nres-20260101-120000", "lorenz/short",
      "a-very-\(String(repeating: "x", count: 40))-end",
    ]
    .enumerated().map { number, name in
      let path = folder("\(number)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let configuration = RunFolder.Configuration(
        settings: RunSettings([
          "application": "rl", "gym-env-name": "Swimmer-v4", "remaining-seed": "\(number)",
        ]), nres: "1", mujoco: "2", engine: nil,
        started: (now - 7200).formatted(.iso8601), inputs: nil)
      try RunFolder.unchecked(path).write(configuration)
      var status = RunStatus(
        state: .finished, iterations: 200, headline: "test/unperturbed_test_reward")
      status.iteration = 100 * number
      status.envSteps = 1_234_567
      status.latest = Evaluated(value: 324.06, iteration: 200)
      status.best = Evaluated(value: 329.16, iteration: 180)
      if number != 1 {
        try status.write(in: path)
      } else {
        _ = try folder.file("1/status.json", [])
      }
      return RunRow(RunSummary(path: path, now: now), name: name, now: now)
    }
  }

  @Test("no line is longer than the terminal, and what matters most stays")
  func fits() throws {
    let table = RunTable(try rows())
    for columns in 20...200 {
      for line in table.text(columns: columns).split(separator: "\n") {
        #expect(line.count <= columns, "\(columns): \(line)")
      }
    }
    func titles(_ columns: Int?) -> String {
      table.text(columns: columns).prefix { $0 != "\n" }
        .split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    #expect(titles(30) == "run state")
    #expect(titles(80) == "run state iteration latest")
    #expect(titles(90) == "run state iteration latest best age")
    let all = "run state iteration latest best age env steps seed experiment size"
    #expect(titles(nil) == all && titles(160) == all)
  }

  @Test("a row has what the run says, and what is not known is a dash")
  func row() throws {
    let lines = RunTable(try rows()).text(columns: nil).split(separator: "\n")
    func words(_ line: Int) -> [Substring] { lines[line].split(separator: " ") }
    #expect(
      words(1).dropLast(2) == [
        "rl/swimmer-nres-20260101-120000", "finished", "0/200", "reward", "324.1", "329.2", "at",
        "180", "2h", "1234567", "0", "Swimmer-v4",
      ])
    #expect(
      words(2).dropLast(2)
        == ["lorenz/short", "unreadable", "-", "-", "-", "2h", "-", "1", "Swimmer-v4"])
    // A name keeps its end, where the time is.
    let narrow = RunTable(try rows()).text(columns: 30).split(separator: "\n")
    #expect(narrow[3].hasPrefix("…") && narrow[3].contains("x-end"))
  }

  @Test("ages and sizes in a few letters")
  func texts() {
    #expect(
      [-5, 0, 59.9, 60, 3599, 3600, 172_799, 172_800, .infinity].map { age($0) }
        == ["0s", "0s", "59s", "1m", "59m", "1h", "47h", "2d", "?"])
    #expect(
      [0, 999, 1000, 9949, 9950, 12_345_678].map { sizeText($0) }
        == ["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "12 MB"])
  }
}
