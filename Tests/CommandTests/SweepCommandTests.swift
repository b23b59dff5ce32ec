import Foundation
import TestSupport
import Testing

@testable import nres

struct SweepCommandTests {
  private static let flags =
    ["--sigma", "0.1,0.3", "--seed-list", "23,29", "--side-by-side", "2"]
    + ["--num-particles", "4", "--horizon-length", "40", "--trunc-length", "10", "--K", "40"]

  private func theta(_ path: String, in folder: TemporaryFolder) throws -> Data {
    try #require(
      FileManager.default.contents(atPath: folder("\(path)/theta_trajectory.safetensors")))
  }

  /// Killed in the middle and gone on with, all runs have the bytes of runs of their own.
  @Test func runsAreThoseOfTrain() throws {
    let folder = try TemporaryFolder()
    let words =
      ["sweep", "swimmer-nres", "--run-dir", "sweep", "--outer-iterations", "25"] + Self.flags
    let running = try Command.Running(words, in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    let first = folder("sweep/sigma=0.1/seed-23/scalars.csv")
    while running.process.isRunning, ContinuousClock.now < deadline,
      (try? String(contentsOfFile: first, encoding: .utf8))?.contains("\n2,") != true
    {
      usleep(5000)
    }
    running.process.terminate()
    let stopped = try running.finish()
    #expect(stopped.status == 143 && stopped.output.contains("go on with: nres sweep resume sweep"))

    let outcome = try Command.run("sweep", "resume", "sweep", in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let title = try #require(lines.firstIndex { $0.hasPrefix("sigma  runs  last reward") })
    #expect(Set(lines[title + 1...title + 2].map { $0.prefix(3) }) == ["0.1", "0.3"])
    #expect(lines[title + 1].contains("  2  "))

    let alone =
      ["train", "swimmer-nres", "--run-dir", "alone", "--sigma", "0.3", "--remaining-seed", "29"]
      + ["--outer-iterations", "25"] + Self.flags.dropFirst(6)
    #expect(try Command.run(alone, in: folder).status == 0)
    #expect(try theta("alone", in: folder) == theta("sweep/sigma=0.3/seed-29", in: folder))
  }

  /// The worse half ends early; what is left has the bytes of a run of its own. Once more nothing runs.
  @Test func halving() throws {
    let folder = try TemporaryFolder()
    let tiny =
      ["--num-particles", "4", "--horizon-length", "40", "--trunc-length", "10", "--K", "40"]
      + ["--eval-freq", "2"]
    let outcome = try Command.run(
      ["sweep", "swimmer-nres", "--run-dir", "sweep", "--random", "4", "--halving"]
        + ["--sigma", "0.1..1", "--outer-iterations", "8"] + tiny, in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = outcome.lines.map { $0.split(separator: " ").map(String.init) }
    let title = try #require(lines.firstIndex { $0.prefix(3) == ["sigma", "iterations", "runs"] })
    #expect(lines[title + 1...title + 4].map { $0[1] } == ["8", "4", "2", "2"])
    #expect(outcome.output.contains("map: sweep/map.svg\nsweep: sweep\n"))
    let sigma = lines[title + 1][0]
    let alone =
      ["train", "swimmer-nres", "--run-dir", "alone", "--sigma", sigma, "--outer-iterations", "8"]
    #expect(try Command.run(alone + tiny, in: folder).status == 0)
    #expect(try theta("alone", in: folder) == theta("sweep/sigma=\(sigma)", in: folder))
    // Each program that is started has a log.
    try FileManager.default.removeItem(atPath: folder("sweep/.logs"))
    let again = try Command.run("sweep", "resume", "sweep", in: folder)
    #expect(again.status == 0 && again.lines.suffix(7) == outcome.lines.suffix(7))
    #expect(!FileManager.default.fileExists(atPath: folder("sweep/.logs")))
  }

  @Test func aSweepMayBeCalledAsItsPreset() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      ["sweep", "swimmer-nres", "--run-dir", "swimmer-nres", "--outer-iterations", "1"]
        + Self.flags, in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let again = try Command.run("sweep", "resume", "swimmer-nres", in: folder)
    #expect(again.status == 0 && again.lines.last == "sweep: swimmer-nres", "\(again.error)")
  }

  @Test func badInputLeavesNothing() throws {
    let folder = try TemporaryFolder()
    func error(_ words: String...) throws -> String {
      let outcome = try Command.run(
        ["sweep", "swimmer-nres", "--run-dir", "sweep"] + words, in: folder)
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(try folder.names == [])
      return outcome.error
    }
    #expect(try error("--sigma", "0.1,x").contains("--sigma is 'x': it must be a number"))
    #expect(try error("--sigma", "0.1").contains("no flag has several values"))
    #expect(try error("--sigma", "1,2", "--side-by-side", "0").contains("from 1 to 1024"))
    #expect(try error("--sigma", "1,2", "--seed-list", "1,1").contains("different whole numbers"))
    #expect(try error("--sigma", "1..2").contains("a range needs --random"))
    #expect(try error("--sigma", "1..2", "--random", "0").contains("from 1 to 100000"))
    #expect(try error("--sigma", "1,2", "--random-seed", "1").contains("needs --random"))
    #expect(try error("--sigma", "1,2", "--random", "3").contains("only some 2 different"))
    #expect(
      try error("--gradient-estimator", "1..2", "--random", "3").contains("no flag has several"))
    let none = try Command.run("sweep", "resume", "nowhere", in: folder)
    #expect(none.status == 66 && none.error.contains("nowhere: holds no sweep"))
  }
}
