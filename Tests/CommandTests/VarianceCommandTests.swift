import Figures
import Foundation
import TestSupport
import Testing
import Trainer

@testable import nres

/// `nres variance`.
struct VarianceCommandTests {
  private static let lorenz =
    ["variance", "lorenz-nres", "--num-particles", "4", "--horizon-length", "40"]
    + ["--trunc-length", "10"]

  private struct Row: Decodable {
    var estimator, name: String
    var period: Int?
    var totalVariance, totalVarianceError: Double
    var mean, meanErrors: [Double]
    var samples, estimates: Int
    var steps, varianceAtEqualSteps: Double
    var bias: Double?
    var biasInterval: [Double]?
    var cosine, cosineError: Double
    var nonFiniteEntries: Int

    private enum CodingKeys: String, CodingKey {
      case estimator, name, mean, samples, estimates, bias, cosine
      case period = "K"
      case totalVariance = "total_variance"
      case totalVarianceError = "total_variance_se"
      case meanErrors = "mean_se"
      case steps = "env_steps"
      case varianceAtEqualSteps = "variance_at_equal_steps"
      case biasInterval = "bias_interval"
      case cosineError = "cosine_se"
      case nonFiniteEntries = "nonfinite_entries"
    }
  }

  private func rows(_ output: String) throws -> [Row] {
    try output.split(separator: "\n").map {
      try JSONDecoder().decode(Row.self, from: Data($0.utf8))
    }
  }

  @Test("a line of JSON for each row, the same for any number of threads")
  func json() throws {
    let folder = try TemporaryFolder()
    let words =
      Self.lorenz + ["--samples", "4", "--gradient-estimator", "GPES,TES", "--K", "10,20,40"]
      + ["--reference", "--json"]
    let outcomes = try ["1", "2"].map {
      try Command.run(words + ["--threads", $0], in: folder)
    }
    #expect(outcomes.allSatisfy { $0.status == 0 && $0.error.isEmpty })
    #expect(outcomes[0].output == outcomes[1].output)
    #expect(outcomes[0].lines[3].contains("\"K\":null"))
    let rows = try rows(outcomes[0].output)
    try #require(rows.map(\.name) == ["PES", "GPES", "NRES", "TES", "FullES"])
    #expect(rows.map(\.estimator).prefix(3).allSatisfy { $0 == "TruncatedPESK" })
    #expect(rows.map(\.period) == [10, 20, 40, nil, nil])
    #expect(
      rows.map(\.samples) == [4, 4, 4, 4, 4] && rows.map(\.estimates) == [16, 16, 16, 16, 4])
    // Two sides of four particles.
    #expect(rows[0].steps == 80 && rows[4].steps == 320)
    for row in rows {
      #expect(row.mean.count == 2 && row.meanErrors.count == 2 && row.nonFiniteEntries == 0)
      #expect(row.totalVarianceError > 0 && abs(row.cosine) <= 1)
      #expect((row.bias == nil) == (row.estimator == "FullES"))
    }
    #expect(rows[4].varianceAtEqualSteps == rows[4].totalVariance * 320 / 80)
  }

  @Test("a table, a picture, and θ of a run's iteration")
  func ofARun() throws {
    let folder = try TemporaryFolder()
    #expect(try LorenzTests.train(in: folder).status == 0)
    let words = ["variance", "run", "--samples", "3"]
    let table = try Command.run(
      words + ["--iteration", "last", "--output", "a.svg", "--K", "10,40"], in: folder)
    #expect(table.status == 0 && table.error.isEmpty)
    try #require(table.lines.count == 6)
    #expect(table.lines.first == "Lorenz  T 40  W 10  N 4  σ 0.04  θ of iteration 12")
    #expect(table.lines[1].hasPrefix("estimator  K   total variance"))
    #expect(table.lines[2].hasPrefix("PES        10  "))
    #expect(table.lines[3].hasPrefix("NRES       40  "))
    #expect(table.lines[4].hasPrefix("relative error of the variances: from "))
    #expect(table.lines.last == "wrote a.svg")
    let picture = try String(contentsOfFile: folder("a.svg"), encoding: .utf8)
    #expect(picture.hasPrefix("<?xml"))

    func variances(_ words: [String]) throws -> [Double] {
      let outcome = try Command.run(words + ["--K", "10,40", "--json"], in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      return try rows(outcome.output).map(\.totalVariance)
    }
    // θ₀ is that of the settings, and other σ's are tried on the same θ.
    let start = try variances(words + ["--iteration", "0"])
    #expect(try start == variances(["variance", "run/config.json", "--samples", "3"]))
    #expect(try start != variances(words + ["--iteration", "12"]))
    #expect(try start != variances(words + ["--iteration", "0", "--sigma", "0.1"]))
    #expect(try folder.names == ["a.svg", "run"])
  }

  @Test("the picture has a curve over K, and level lines for what has none")
  func figure() throws {
    let subject = try VarianceSubject(
      "lorenz-nres", iteration: nil,
      changes: RunSettings([
        "num-particles": "2", "horizon-length": "40", "trunc-length": "10", "threads": "1",
      ]))
    let rows = try VarianceRow.rows(
      subject.settings, estimators: "FullES,GPES", periods: "40,10,20")
    let application = try VarianceStudy.application(of: rows)
    var study = VarianceStudy(
      rows, of: application, theta: try subject.theta(application, rows[0].plan))
    try study.run(.samples(3))
    let records = study.rows.map { VarianceRecord($0, in: study) }
    let chart = VarianceFigure(study, title: "title").chart
    #expect(chart.title == "title" && chart.hasLogarithmicX && chart.hasLogarithmicY)
    try #require(chart.lines.map(\.name) == ["FullES", "GPES (PES at K 10, NRES at K 40)"])
    #expect(chart.lines[0].points.map(\.x) == [10, 40])
    #expect(chart.lines[0].points.allSatisfy { $0.y == records[0].totalVariance })
    #expect(chart.lines[1].points.map(\.x) == [10, 20, 40])
    #expect(
      chart.lines[1].points.map(\.y) == [2, 3, 1].map { records[$0].totalVariance ?? .nan })
    let extent = chart.lines[1].band[0]
    let error = try #require(records[2].totalVarianceError)
    #expect(abs(extent.upper - extent.lower - 2 * 1.96 * error) < 1e-6 * error)
  }

  static let small = ["--num-particles", "2", "--horizon-length", "20", "--trunc-length", "10"]

  @Test(
    "environments and flags alone",
    arguments: [
      "swimmer-nres",
      "rl --gym-env-name Swimmer-v4 --gradient-estimator NRES,TES --sigma 0.3",
      "lorenz --gradient-estimator BPTT,TBPTT,DODGE",
    ])
  func tasks(line: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      ["variance"] + line.split(separator: " ").map(String.init) + Self.small
        + ["--samples", "3", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try rows(outcome.output).allSatisfy { $0.totalVariance.isFinite && $0.samples == 3 })
    #expect(try folder.names == [])
  }

  @Test("a preset is meant where a folder has its name")
  func folderCalledAsPreset() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder("lorenz-nres"), withIntermediateDirectories: false)
    let outcome = try Command.run(Self.lorenz + ["--samples", "3", "--json"], in: folder)
    #expect(outcome.status == 0 && !outcome.output.isEmpty, "\(outcome.error)")
    let refused = try Command.run(Self.lorenz + ["--iteration", "3"], in: folder)
    #expect(refused.error.hasSuffix(" or name a run, here ./lorenz-nres\n"))
  }

  @Test("Ctrl-C prints what was measured")
  func interrupt() throws {
    let folder = try TemporaryFolder()
    let running = try Command.Running(
      Self.lorenz + ["--seconds", "1000", "--json", "--output", "a.png"], in: folder)
    // The picture's place is taken before the first sample.
    let deadline = ContinuousClock.now + .seconds(60)
    while running.process.isRunning, ContinuousClock.now < deadline, try folder.names.isEmpty {
      usleep(5000)
    }
    usleep(300_000)
    running.process.interrupt()
    let outcome = try running.finish()
    #expect(outcome.status == 130 && outcome.error.isEmpty)
    #expect(try rows(outcome.output).map(\.period) == [10, 40])
    #expect(try folder.names == ["a.png"])
  }

  static let refusals = [
    Refusal(
      "variance nowhere/run", status: 66, "nowhere/run: no such run folder: `nres train` makes one"),
    Refusal(
      "variance swimer-nres",
      "unknown experiment 'swimer-nres', did you mean 'swimmer-nres'? \(BadInputTests.presets)"),
    Refusal(
      "variance lorenz-nres --iteration 3",
      "--iteration is 3, but lorenz-nres is no run's folder: leave it out for θ₀, or name a run"),
    Refusal("variance lorenz-nres --K 0", "--K is 0: it must be at least 1"),
    Refusal(
      "variance lorenz-nres --K 10,10",
      "--K is '10,10': give different values between commas"),
    Refusal(
      "variance lorenz-nres --samples 1",
      "--samples is 1: a standard error needs at least 3"),
    Refusal(
      "variance lorenz-nres --samples 9 --seconds 3",
      "--samples and --seconds exclude each other: give one of them"),
    Refusal("variance lorenz-nres --seconds 0", "--seconds is 0.0: it must be positive"),
    Refusal(
      "variance lorenz-nres --gradient-estimator NRSE,TES",
      "unknown gradient estimator 'NRSE', did you mean 'NRES'? \(BadInputTests.estimators)"),
    Refusal(
      "variance swimmer-nres --gradient-estimator NRES,BPTT",
      "BPTT differentiates, and Swimmer-v4 cannot be differentiated: choose an ES estimator"),
    Refusal(
      "variance lorenz-nres --sigma 0.1,0.3",
      "The value '0.1,0.3' is invalid for '--sigma <σ>'. See 'nres variance --help' for more "
        + "information."),
    Refusal(
      "variance lorenz-nres --output a.jpg",
      "--output is 'a.jpg': the name must end in .png, .svg or .pdf"),
    Refusal(
      "variance lorenz-nres --output nowhere/a.svg", status: 73,
      "nowhere/a.svg: no such file or directory"),
  ]

  @Test("what cannot be measured is refused in one line", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status && outcome.output.isEmpty)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == [])
  }
}
