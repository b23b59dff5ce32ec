import Foundation
import Records
import Settings
import Statistics
import TestSupport
import Testing

@testable import Trainer

/// Curves read from runs, and which runs are one curve.
struct RunCurveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A run's folder with these settings over some of Swimmer's, and these lines below the header.
  private func run(
    _ name: String, _ changes: [String: Any] = [:], rows: [String] = []
  ) throws -> RunSummary {
    var settings: [String: Any] = [
      "application": "rl", "gym-env-name": "Swimmer-v4", "gradient-estimator": "TruncatedPESK",
      "K": 1000, "horizon-length": 1000, "trunc-length": 100, "num-particles": 30, "sigma": 0.3,
      "remaining-seed": 1, "outer-iterations": 9,
    ]
    settings.merge(changes) { $1 }
    let configuration: [String: Any] = [
      "nres": "0.1.0", "mujoco": "2.2.2", "started": "2026-01-01T00:00:00Z", "settings": settings,
    ]
    try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
    _ = try folder.file(
      "\(name)/config.json", try JSONSerialization.data(withJSONObject: configuration))
    let table = ([ScalarLog.header] + rows).joined(separator: "\n") + "\n"
    _ = try folder.file("\(name)/scalars.csv", table.utf8)
    return RunSummary(path: folder(name))
  }

  private let rows = [
    "0,loss,5,0.5", "0,total_env_steps,1000,1", "1,total_env_steps,3000,2", "2,mean,7,2.5",
    "2,loss,4,3", "3,total_env_steps,9000,4", "3,loss,inf,5",
  ]

  @Test(
    "a curve lies over what it is asked to",
    arguments: [
      (.iterations, [0, 2, 3]), (.envSteps, [1000, 3000, 9000]), (.seconds, [0.5, 3, 4]),
      (.sequentialSteps, [1000, 1200, 1300]),
    ] as [(CurveAxis, [Double])])
  func axes(axis: CurveAxis, xs: [Double]) throws {
    let curve = try RunCurve(of: run("a", rows: rows), tag: "loss", over: axis)
    #expect(curve.points.map(\.x) == xs)
    #expect(curve.points.map(\.y) == [5, 4, .infinity])
    #expect(curve.points.map(\.iteration) == [0, 2, 3])
    #expect(curve.tags == ["loss", "mean", "total_env_steps"])
  }

  @Test("whole episodes take a horizon a step, and none before the first")
  func wholeEpisodes() throws {
    let full = try run("a", ["gradient-estimator": "FullES"], rows: rows)
    let curve = try RunCurve(of: full, tag: "loss", over: .sequentialSteps)
    #expect(curve.points.map(\.x) == [0, 2000, 3000])
  }

  @Test("a torn last line is no row, and what was measured twice counts as the last time")
  func torn() throws {
    let run = try run("a", rows: ["0,loss,5,1", "1,loss,4,2", "1,loss,3,9"])
    let path = run.folder.scalarsPath
    let text = try String(contentsOfFile: path, encoding: .utf8) + "2,loss,12"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let curve = try RunCurve(of: run, tag: "loss", over: .iterations)
    #expect(curve.points.map(\.y) == [5, 3])
    #expect(try RunCurve(of: run, tag: "lose", over: .iterations).points.isEmpty)
  }

  @Test(
    "runs that differ in their seed alone are one group, the others are named after what differs")
  func groups() throws {
    let runs = [
      try run("a"), try run("b", ["remaining-seed": 2, "threads": 1]),
      try run("c", ["K": 100]), try run("d", ["K": 100, "sigma": 0.1]),
      try run("e", ["K": 200, "remaining-seed": 7]), try run("f", ["gradient-estimator": "FullES"]),
    ]
    let groups = try RunGroup.groups(of: runs)
    #expect(groups.map { $0.runs.count } == [2, 1, 1, 1, 1])
    #expect(
      groups.map(\.label)
        == ["NRES, σ 0.3", "PES, σ 0.3", "PES, σ 0.1", "GPES, K 200, σ 0.3", "FullES, σ 0.3"])
    #expect(try RunGroup.groups(of: [runs[0]]).map(\.label) == ["NRES"])
    let others = [
      try run("g", ["outer-optimizer-specs": "SGD||CONSTANT1e-5"]),
      try run("h", ["outer-optimizer-specs": "Adam||CONSTANT1e-3", "init-seed": 3]),
    ]
    #expect(
      try RunGroup.groups(of: others).map(\.label)
        == ["SGD||CONSTANT1e-5", "Adam||CONSTANT1e-3, init-seed 3"])
    #expect(try RunGroup.groups(of: [runs[2], runs[3]]).map(\.label) == ["σ 0.3", "σ 0.1"])
    // The estimator is enough where each has its own.
    #expect(
      try RunGroup.groups(of: [runs[0], runs[3], runs[5]]).map(\.label)
        == ["NRES", "PES", "FullES"])
  }

  @Test("a table has means of seeds with intervals, and medians of where a value is reached")
  func summaries() throws {
    func rows(_ values: [Double]) -> [String] {
      values.enumerated().map { "\([0, 2, 3, 7][$0]),loss,\($1),0" }
    }
    let runs = [
      try run("a", rows: rows([1, 5, 2, 4])),
      try run("b", ["remaining-seed": 2], rows: rows([1, 1, 1, 2])),
      try run("c", ["K": 100], rows: rows([1, 5, 2])),
    ]
    let groups = try CurveGroup.groups(of: runs, tag: "loss", over: .iterations).groups
    #expect(groups.map { $0.shared.count } == [4, 3])
    // NumPy's `trapezoid` over the length.
    #expect(groups[0].curves[0].meanHeight(until: 7) == 21.5 / 7)
    #expect(groups[0].curves[0].meanHeight(until: 5) == 14.5 / 5)
    #expect(groups[0].curves[0].meanHeight(until: 0) == 1)
    let summaries = CurveSummary.summaries(
      of: groups, thresholds: [4, 2, 9], isHigherBetter: true)
    #expect(summaries.map(\.label) == ["NRES", "PES"] && summaries.map(\.runs) == [2, 1])
    #expect(summaries.map(\.final) == [Summary(3, 2...4), Summary(2)])
    #expect(summaries.map(\.best) == [Summary(3.5, 2...5), Summary(5)])
    // Until the third iteration, which all have.
    #expect(summaries[1].area == Summary(9.5 / 3))
    let bothUntilThree: Double = (9.5 / 3 + 1) / 2
    #expect(summaries[0].area.middle == bothUntilThree)
    #expect(summaries[0].reaches.map(\.count) == [1, 2, 0])
    #expect(summaries[0].reaches.map(\.first.middle) == [.infinity, 4.5, .infinity])
    #expect(summaries[0].reaches[1].first.interval == 2...7)
    // Means of 1, 3, 1.5 and 3 at 0, 2, 3 and 7.
    #expect(summaries[0].reaches.map(\.ofMean) == [.infinity, 2, .infinity])
    #expect(summaries[1].reaches.map(\.first.middle) == [2, 2, .infinity])
    let lower = CurveSummary.summaries(of: groups, thresholds: [1], isHigherBetter: false)
    #expect(lower.map(\.best.middle) == [1, 1])
    #expect(lower[0].reaches[0].first == Summary(0, 0...0))
  }

  @Test("what is evaluated after training lies where training was")
  func afterTraining() throws {
    let run = try run(
      "a",
      rows: [
        "0,total_env_steps,1,0.5", "1,total_env_steps,2,1", "2,total_env_steps,3,1.5", "0,loss,9,2",
        "2,loss,8,4",
      ])
    let curve = try RunCurve(of: run, tag: "loss", over: .seconds)
    #expect(curve.points.map(\.x) == [0.5, 1.5])
  }
}
