import Figures
import Foundation
import TestSupport
import Testing
import Trainer

@testable import nres

/// `nres plot`.
struct PlotTests {
  /// A run's folder at `path` with these lines below the header of its table.
  private func write(
    _ path: String, seed: Int = 1, sigma: Double = 0.3, environment: String = "Swimmer-v4",
    rows: [String], in folder: TemporaryFolder
  ) throws {
    let settings =
      #""application": "rl", "gym-env-name": "\#(environment)", "remaining-seed": \#(seed), "#
      + #""gradient-estimator": "TruncatedPESK", "K": 40, "horizon-length": 40, "sigma": \#(sigma), "#
      + #""trunc-length": 10, "num-particles": 4, "outer-iterations": 3"#
    let configuration =
      #"{"nres": "0.1.0", "mujoco": "2.2.2", "started": "2026-01-01T00:00:00Z", "settings": {"#
      + settings + "}}"
    try FileManager.default.createDirectory(atPath: folder(path), withIntermediateDirectories: true)
    _ = try folder.file("\(path)/config.json", configuration.utf8)
    let table = (["iteration,tag,value,wall_seconds"] + rows).joined(separator: "\n") + "\n"
    _ = try folder.file("\(path)/scalars.csv", table.utf8)
  }

  private func rewards(_ values: [Double]) -> [String] {
    values.enumerated().map { "\($0),test/unperturbed_test_reward,\($1),\($0)" }
  }

  @Test("seeds are a median in a band of quartiles, at the iterations that all of them have")
  func seeds() throws {
    let folder = try TemporaryFolder()
    for (seed, values) in [(1, [1.0, 5, 2]), (2, [3, 1, 4, 9]), (3, [2, 9, 7, 1])] {
      try write("runs/seed-\(seed)", seed: seed, rows: rewards(values), in: folder)
    }
    let runs = try RunFinder(in: folder("runs")).found.map { RunSummary(path: $0.path) }
    let curves = try RunCurves(
      of: runs, tag: "test/unperturbed_test_reward", over: .sequentialSteps)
    let line = try #require(curves.lines.first)
    #expect(curves.lines.count == 1 && curves.notes.isEmpty && line.name == "NRES, 3 seeds")
    #expect(line.points == [.init(40, 2), .init(50, 5), .init(60, 4)])
    #expect(line.band.map(\.lower) == [1.5, 3, 3] && line.band.map(\.upper) == [2.5, 7, 5.5])
    for (paths, name) in [(["runs"], "once.svg"), (["runs", "runs/seed-1"], "twice.svg")] {
      #expect(try Command.run(["plot", "--output", name] + paths, in: folder).status == 0)
    }
    let files = try ["once.svg", "twice.svg"].map {
      try Data(contentsOf: URL(filePath: folder($0)))
    }
    #expect(files[0] == files[1])
    let outcome = try Command.run(
      "plot", "runs", "--output", "curves.svg", "--x", "env-steps", in: folder)
    // No run says how many steps there were.
    #expect(outcome.status == 64 && outcome.error.hasSuffix("choose from: \(Self.tag)\n"))
  }

  static let tag = "test/unperturbed_test_reward"

  @Test("a trained run and one that is going on are drawn", arguments: ["svg", "png", "pdf"])
  func trained(format: String) throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train("--eval-freq", "1", in: folder).status == 0)
    try write("new", sigma: 0.1, rows: [], in: folder)
    let outcome = try Command.run(
      "plot", "run", "new", "run/", "--output", "curves.\(format)", "--x", "env-steps", "--log-x",
      "--threshold", "3.5", "--threshold", "-7", "--tag", "mean_loss", in: folder)
    #expect(outcome.status == 0 && outcome.output == "wrote curves.\(format)\n")
    #expect(outcome.error == "nres: new: has no 'mean_loss' yet and is left out\n")
    #expect(try folder.names == ["curves.\(format)", "new", "run"])
    #expect(try Data(contentsOf: URL(filePath: folder("curves.\(format)"))).count > 2000)
  }

  static let refusals = [
    Refusal(
      "plot a --output x.jpg",
      "--output is 'x.jpg': the name must end in .png, .svg or .pdf"),
    Refusal(
      "plot nowhere --output x.svg", status: 66, "nowhere: no such folder: name one that holds runs"
    ),
    Refusal(
      "plot empty --output x.svg", status: 66,
      "empty: there are no runs in it: `nres train` makes one"),
    Refusal(
      "plot a hopper --output x.svg",
      "hopper is of Hopper-v4, and a of Swimmer-v4: runs of one task share an axis"),
    Refusal(
      "plot a --output x.svg --tag test/unperturbed_test_rewrad",
      "unknown tag 'test/unperturbed_test_rewrad', did you mean '\(tag)'? choose from: \(tag)"),
    Refusal(
      "plot a --output x.svg --x steps",
      "unknown axis 'steps', did you mean 'env-steps'? choose from: iterations, env-steps, sequential-steps, seconds"
    ),
    Refusal(
      "plot a --output x.svg --threshold inf", "--threshold is inf: it must be a finite number"),
    Refusal(
      "plot a --output nowhere/x.svg", status: 73, "nowhere/x.svg: no such file or directory"),
    Refusal(
      "plot bad --output x.svg", status: 65,
      "bad/scalars.csv: line 2 is not 'iteration,tag,value,wall_seconds': 'what'"),
  ]

  @Test("what cannot be drawn is refused in one line", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    try write("a", rows: rewards([1, 2]), in: folder)
    try write("hopper", environment: "Hopper-v4", rows: rewards([1, 2]), in: folder)
    try write("bad", rows: ["what"], in: folder)
    mkdir(folder("empty"), 0o777)
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == ["a", "bad", "empty", "hopper"])
  }
}
