import Foundation
import Records
import TestSupport
import Testing
import Trainer

struct TrainTests {
  static let files: Set = [
    "checkpoint-before.safetensors", "checkpoint.safetensors", "config.json", "scalars.csv",
    "status.json", "theta_trajectory.safetensors",
  ]

  @Test("a run prints plain lines where nobody watches, and leaves its files")
  func run() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.train(in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = [
      /swimmer-nres \(seed 23\) -> run/,
      /iteration 0\/3   reward -?\d+\.\d/,
      /iteration 3\/3   \d+ env steps\/s   reward -?\d+\.\d/,
      /finished iteration 3, reward -?\d+\.\d, 240 env steps in 0:\d\d/,
      /run: run/,
    ]
    #expect(outcome.lines.count == lines.count)
    for (line, pattern) in zip(outcome.lines, lines) {
      #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
    }
    #expect(!outcome.output.contains("\r"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("run"))
    #expect(Set(names.filter { !$0.hasPrefix("events.out.tfevents.") }) == Self.files)
    #expect(names.count == 7)
    #expect(try SavedTheta(path: folder("run")).iterations == .all(4))
  }

  @Test("flags alone say the same as a preset that they repeat, and are laid over one")
  func flags() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train("--sigma", "0.2", in: folder, run: "preset").status == 0)
    let outcome = try Command.run(
      [
        "train", "rl", "--gym-env-name", "swimmer-v4", "--gradient-estimator", "truncatedpesk",
        "--sigma", "0.2", "--outer-optimizer-specs", "SGD||CONSTANT3", "--remaining-seed", "23",
        "--run-test-during-training", "--run-dir", "flags",
      ] + Command.tiny, in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.output.hasPrefix("swimmer-v4-truncatedpesk (seed 23) -> flags\n"))
    #expect(try bytes("flags", in: folder) == bytes("preset", in: folder))
    #expect(try numbers("flags", in: folder) == numbers("preset", in: folder))
  }

  @Test("without --run-dir the folder is made up, and config.json there repeats the run")
  func defaultFolder() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(["train", "swimmer-nres"] + Command.tiny, in: folder)
    #expect(outcome.status == 0)
    let path = try #require(outcome.lines.last?.split(separator: " ").last)
    #expect(path.wholeMatch(of: /runs\/rl\/swimmer-nres-\d{8}-\d{6}/) != nil)
    #expect(try folder.names == ["runs"])
    let again = try Command.run("train", "\(path)/config.json", "--run-dir", "again", in: folder)
    #expect(again.status == 0)
    #expect(try bytes("again", in: folder) == bytes(String(path), in: folder))
  }

  @Test("a list of seeds makes one run for each, side by side")
  func seeds() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.train("--seed-list", "23, 29", in: folder, run: "seeds")
    #expect(outcome.status == 0)
    #expect(
      outcome.lines.filter { $0.hasPrefix("run: ") } == [
        "run: seeds/seed-23", "run: seeds/seed-29",
      ])
    #expect(try Command.train("--remaining-seed", "29", in: folder, run: "alone").status == 0)
    #expect(try bytes("seeds/seed-29", in: folder) == bytes("alone", in: folder))
    #expect(try bytes("seeds/seed-23", in: folder) != bytes("alone", in: folder))
    let made = try Command.run(
      ["train", "swimmer-nres", "--seed-list", "1,2"] + Command.tiny, in: folder)
    let paths = made.lines.filter { $0.hasPrefix("run: ") }
    #expect(paths.count == 2)
    for (path, seed) in zip(paths, ["1", "2"]) {
      #expect(path.hasPrefix("run: runs/rl/swimmer-nres-seed\(seed)-"))
    }
  }

  @Test("one thread or two: the same bytes of θ and the same numbers")
  func threads() throws {
    let folder = try TemporaryFolder()
    for threads in ["1", "2"] {
      #expect(try Command.train("--threads", threads, in: folder, run: threads).status == 0)
    }
    #expect(try bytes("1", in: folder) == bytes("2", in: folder))
    #expect(try numbers("1", in: folder) == numbers("2", in: folder))
  }

  private func bytes(_ run: String, in folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: URL(filePath: folder("\(run)/theta_trajectory.safetensors")))
  }

  /// The lines of a run's table without what a clock says.
  private func numbers(_ run: String, in folder: TemporaryFolder) throws -> [String] {
    try String(contentsOfFile: folder("\(run)/scalars.csv"), encoding: .utf8)
      .split(separator: "\n").filter { !$0.contains("/time,") }
      .map { $0.split(separator: ",").dropLast().joined(separator: ",") }
  }
}
