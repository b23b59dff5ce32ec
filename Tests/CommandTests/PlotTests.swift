import Figures
import Foundation
import Statistics
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
    #expect(curves.lines.count == 1 && line.name == "NRES, 3 seeds")
    #expect(
      curves.notes == ["NRES: drawn until iteration 2, where one of 3 runs ends, and not until 3"])
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

  @Test("where a seed has diverged the median goes on, and a band that is not there is a gap")
  func diverged() throws {
    let folder = try TemporaryFolder()
    for (seed, values) in [(1, [1.0, 5, 2]), (2, [3, .nan, 4]), (3, [2, 9, 7])] {
      try write("runs/seed-\(seed)", seed: seed, rows: rewards(values), in: folder)
    }
    try write("runs/again", seed: 3, rows: rewards([2, 9, 7]), in: folder)
    try write("runs/empty", seed: 5, rows: [], in: folder)
    try FileManager.default.removeItem(atPath: folder("runs/empty/scalars.csv"))
    let runs = try RunSummary.named([folder("runs")])
    let curves = try RunCurves(of: runs, tag: Self.tag, over: .iterations)
    let line = try #require(curves.lines.first)
    // What is no number is worse than all others: of −∞, 5, 9 and 9 the median is 7.
    #expect(line.points.map(\.y) == [2, 7, 5.5])
    #expect(line.band.map(\.lower.isNaN) == [false, true, false])
    #expect(curves.notes.contains { $0.hasSuffix("empty: has no numbers yet and is left out") })
    #expect(curves.notes.contains("NRES: seed 3 is there more than once"))
    let mean = try RunCurves(of: runs, tag: Self.tag, over: .iterations, band: .confidence)
    #expect(mean.lines[0].points[1].y == -.infinity && mean.lines[0].band[1].upper.isNaN)
  }

  @Test("a table for people and one for programs")
  func tables() throws {
    let folder = try TemporaryFolder()
    for (seed, values) in [(1, [1.0, 5, 2]), (2, [3, 1, 4])] {
      try write("runs/seed-\(seed)", seed: seed, rows: rewards(values), in: folder)
    }
    func table(_ format: String) throws -> [String] {
      let outcome = try Command.run(
        ["plot", "runs", "--table", format, "--threshold", "4", "--x", "sequential-steps"],
        in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      return outcome.lines.map(String.init)
    }
    let cells = [
      "NRES", "2", "3.0 [2.0, 4.0]", "4.5 [4.0, 5.0]", "2.8 [2.2, 3.2]",
      "55 [50, 60]; mean curve: ∞",
    ]
    let text = try table("text")
    #expect(
      text[0].split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.suffix(2) == [
        "area", "sequential env steps to 4",
      ])
    #expect(cells.allSatisfy(text[1].contains))
    #expect(try table("markdown")[2] == "| " + cells.joined(separator: " | ") + " |")
    let latex = try table("latex")
    let cellsOfLaTeX = cells.joined(separator: " & ").replacing("[", with: "{[}")
      .replacing("∞", with: "$\\infty$")
    #expect(latex[4] == cellsOfLaTeX + " \\\\")
    let values = try table("csv").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let row = Dictionary(uniqueKeysWithValues: zip(values[0], values[1]))
    #expect(row["curve"] == "NRES" && row["final_lower"] == "2.0" && row["area"] == "2.75")
    #expect(row["sequential_steps_to_4"] == "55.0" && row["runs_that_reach_4"] == "2")
    #expect(row["mean_curve_to_4"] == "inf")
    let never = try Command.run("plot", "runs", "--table", "text", "--threshold", "6", in: folder)
    #expect(never.output.hasSuffix("never\n"))
    let close = try Command.run(
      "plot", "runs", "--table", "csv", "--threshold", "4", "--threshold",
      "4.00000001", "--x", "sequential-steps", in: folder)
    #expect(close.lines[0].contains(",sequential_steps_to_4,"))
    #expect(close.lines[0].contains(",sequential_steps_to_4.00000001,"))
  }

  @Test("what means something to LaTeX or to CSV is spelled out")
  func specialLetters() {
    let table = Table(titles: ["a_b", "σ"], rows: [["1, \"2\"", "50 % | x"]])
    #expect(table.lines(as: .csv) == ["a_b,σ", "\"1, \"\"2\"\"\",50 % | x"])
    #expect(table.lines(as: .markdown).last == "| 1, \"2\" | 50 % \\| x |")
    #expect(table.lines(as: .latex)[2] == "a\\_b & $\\sigma$ \\\\")
    #expect(table.lines(as: .latex)[4].hasSuffix("& 50 \\% $|$ x \\\\"))
  }

  @Test("a band is what is asked for", arguments: Band.allCases)
  func bands(band: Band) throws {
    let folder = try TemporaryFolder()
    for (seed, values) in [(1, [1.0, 5]), (2, [3, 1]), (3, [2, 9])] {
      try write("runs/seed-\(seed)", seed: seed, rows: rewards(values), in: folder)
    }
    try write("alone", sigma: 0.1, rows: rewards([1, 2]), in: folder)
    let runs = try RunSummary.named([folder("runs"), folder("alone"), folder("runs/seed-1")])
    let curves = try RunCurves(of: runs, tag: Self.tag, over: .iterations, band: band)
    let summary = band.summary(of: [5, 1, 9])
    #expect(curves.lines[0].points[1].y == summary.middle)
    #expect(curves.lines[0].band[1].upper == summary.interval?.upperBound)
    #expect(curves.lines[1].band.isEmpty && curves.notes == ["σ 0.1: is one run and has no band"])
  }

  @Test("baselines are lines across, the y axis goes as far as it is told")
  func baselines() throws {
    let folder = try TemporaryFolder()
    try write("a", rows: rewards([1, 2]), in: folder)
    let losses = #"""
      [{"optimizer": "SGD", "rate": 0.1, "loss": 0.9}, {"optimizer": "SGD", "rate": 0.2, "loss": 0.7},
      {"optimizer": "Adam", "rate": 0.1, "loss": "inf"}, {"optimizer": "Adam", "rate": 0.3, "loss": 0.6}]
      """#
    _ = try folder.file("baselines.json", losses.utf8)
    #expect(
      try BaselineFile(path: folder("baselines.json")).bests.map(\.text)
        == ["SGD, rate 0.2", "Adam, rate 0.3"])
    let outcome = try Command.run(
      "plot", "a", "--output", "a.svg", "--baselines", "baselines.json", "--y-range", "0.5,2.5",
      "--table", "text", in: folder)
    #expect(outcome.status == 0 && outcome.error == "nres: wrote a.svg\n")
    #expect(outcome.lines[0].hasSuffix("iterations to 0.7  iterations to 0.6"))
  }

  static let refusals = [
    Refusal("plot a", "nothing is asked for: give --output curves.svg, or --table text"),
    Refusal(
      "plot a --table html",
      "unknown --table 'html'; choose from: text, csv, markdown, latex"),
    Refusal(
      "plot a --output x.svg --band quartiles",
      "--band is quartiles, but each curve is of one run: a band needs runs that differ in their seed alone"
    ),
    Refusal(
      "plot a --output x.svg --band iqr",
      "unknown --band 'iqr'; choose from: quartiles, confidence, bootstrap, range"),
    Refusal(
      "plot a --output x.svg --y-range 2,1",
      "--y-range is '2,1': give two numbers, the less first: 0.5,2.5"),
    Refusal(
      "plot a --output x.svg --log-y --y-range 0,1",
      "--y-range is '0,1': give two positive numbers, the less first: 0.5,2.5"),
    Refusal(
      "plot a --output x.svg --baselines a/config.json", status: 65,
      "a/config.json: is not what `nres baselines --json` prints"),
    Refusal(
      "plot a --output x.svg --baselines b.json", status: 66,
      "b.json: cannot be read: give what `nres baselines --json` printed"),
    Refusal(
      "plot a --output x.jpg",
      "--output is 'x.jpg': the name must end in .png, .svg or .pdf"),
    Refusal(
      "plot nowhere --output x.svg", status: 66, "nowhere: no such folder: name one that holds runs"
    ),
    Refusal(
      "plot a/config.json --output x.svg", status: 66,
      "a/config.json: is a file: name a run's folder, or one that holds runs"),
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
      "unknown --x 'steps', did you mean 'env-steps'? choose from: iterations, env-steps, sequential-steps, seconds"
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
