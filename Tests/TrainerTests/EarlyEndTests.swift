import Estimators
import Foundation
import Records
import Settings
import TestSupport
import Testing
import Workers

@testable import Trainer

/// Runs that their evaluations end.
struct EarlyEndTests {
  /// The score rises by 1 an iteration: at iteration i it is between i + 1 and i + 2.
  static let rising = FakeApplication { _ in GradientEstimate(gradient: [-1, 0], meanLoss: 0) }
  /// It falls by 1.
  static let falling = FakeApplication { _ in GradientEstimate(gradient: [1, 0], meanLoss: 0) }

  static func settings(_ texts: [String: String]) -> RunSettings {
    RunSettings(texts).over(
      RunSettings.quick.with {
        $0["outer-iterations"] = 30
        $0["run-test-during-training"] = true
      })
  }

  @Test(
    "a run ends where its evaluations say, with all that belongs to that iteration, as finished",
    arguments: [
      (["stop-at": "5"], rising, 4, "score reached 5"),
      (
        ["stop-at": "5", "stop-for": "3"], rising, 6,
        "score reached 5 in 3 evaluations one after the other"
      ),
      (["stop-at": "5", "eval-freq": "3"], rising, 6, "score reached 5"),
      (["patience": "2"], falling, 2, "no better score in 2 evaluations"),
      (["patience": "2", "eval-freq": "5"], falling, 10, "no better score in 2 evaluations"),
      (["stop-at": "9", "patience": "1"], falling, 1, "no better score in 1 evaluation"),
    ])
  func ends(
    texts: [String: String], application: FakeApplication, last: Int, ending: String
  ) throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      Self.settings(texts), at: folder("run"), application: application)
    #expect(run.result.lastIteration == last && !run.result.wasStopped)
    #expect(run.result.ending == ending && run.result.isOver)
    #expect(try run.trajectory().count == last + 1)
    #expect(try run.scalars("test/score").keys.max() == last)
    let status = try #require(try RunStatus(in: run.folder.path))
    #expect(status.state == .finished && status.ending == ending && status.iteration == last)
  }

  @Test("without an ending a run goes on to its last iteration")
  func goesOn() throws {
    let folder = try TemporaryFolder()
    for texts in [["stop-at": "100"], ["patience": "3"]] {
      let run = try FinishedRun(
        Self.settings(texts), at: folder(texts.keys.joined()), application: Self.rising)
      #expect(run.result.lastIteration == 30 && run.result.ending == nil)
    }
  }

  @Test("of a thinned run the last θ is kept all the same")
  func thinned() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      Self.settings(["stop-at": "5", "theta-every": "10"]), at: folder("run"),
      application: Self.rising)
    #expect(try Array(SavedTheta(path: run.folder.path).iterations) == [0, 4])
  }

  @Test("what is not finite is neither good nor better, and losses are better where they are lower")
  func record() throws {
    let loss = Headline(tag: "t", label: "loss", isHigherBetter: false, decimals: 1)
    func endings(_ texts: [String: String], _ values: [Double]) throws -> Int? {
      let end = try TrainingPlan(Self.settings(texts)).earlyEnd
      var record = EarlyEnd.Record()
      for (iteration, value) in values.enumerated() {
        end.note(Evaluated(value: value, iteration: iteration), loss, in: &record)
        if end.ending(after: record) != nil { return iteration }
      }
      return nil
    }
    let target = ["stop-at": "2", "stop-for": "2"]
    #expect(try endings(target, [3, 2, 2.5, 1, 2]) == 4)
    #expect(try endings(target, [1, .nan, 1, -.infinity, 1]) == nil)
    #expect(try endings(["patience": "2"], [3, .nan, 2, 2, 1, 1, 1]) == 6)
    #expect(try endings(["patience": "2"], [.nan, .infinity, 1]) == 1)
  }

  @Test(
    "what cannot be is refused in a line",
    arguments: [
      (
        ["stop-at": "5", "run-test-during-training": "false"],
        "--stop-at needs evaluations during training: add --run-test-during-training"
      ),
      (
        ["patience": "5", "run-test-during-training": "false"],
        "--patience needs evaluations during training: add --run-test-during-training"
      ),
      (["stop-for": "5"], "--stop-at is missing: --stop-for needs the number to be reached"),
      (["stop-at": "5", "stop-for": "0"], "--stop-for is 0: it must be at least 1"),
      (["patience": "0"], "--patience is 0: it must be at least 1"),
      (["stop-at": "nan"], "--stop-at is nan: it must be a finite number"),
    ])
  func refused(texts: [String: String], message: String) throws {
    let error = #expect(throws: SettingsError.self) { try TrainingPlan(Self.settings(texts)) }
    #expect(error?.description == message)
  }

  /// Lorenz for six iterations, evaluated at each.
  private static let lorenz = RunSettings.lorenz.with {
    $0["outer-iterations"] = 6
    $0["run-test-during-training"] = true
  }

  /// Rows without times.
  private func rows(_ path: String) throws -> [ScalarRow] {
    try readScalars(path + "/scalars.csv") { !$0.hasSuffix("/time") }.map {
      var row = $0
      row.wallSeconds = 0
      // Rows that are not numbers would never be equal.
      if row.value.isNaN { row.value = 0 }
      return row
    }
  }

  @Test("a run that was interrupted ends at the same iteration, with the same bytes")
  func resumed() throws {
    let folder = try TemporaryFolder()
    let whole = try FinishedRun(Self.lorenz, at: folder("whole"))
    let losses = try whole.scalars(LorenzRunTests.test)
    // Three in a row are at most this at iteration 5, if not before.
    let target = try #require([3, 4, 5].compactMap { losses[$0] }.max())
    let last = try #require(
      (2...6).first { end in (end - 2...end).allSatisfy { losses[$0] ?? .nan <= target } })
    let settings = Self.lorenz.with {
      $0["stop-at"] = target
      $0["stop-for"] = 3
    }
    let straight = try FinishedRun(settings, at: folder("straight"))
    #expect(straight.result.lastIteration == last && last < 6)
    for stop in [last - 1, last] {
      let path = folder("stopped-\(stop)")
      let stopped = try FinishedRun(settings, at: path, stopAfter: stop)
      var folder = try RunFolder.reopen(path)
      var run = try ResumedRun(
        folder, changes: RunSettings(), isForced: false, cancellation: .never)
      #expect(run.isFinished == !stopped.result.wasStopped)
      if run.isFinished {
        folder.release()
      } else {
        try run.prepare()
        let result = try TrainingLoop(
          run.plan, application: run.application, folder: folder, checkpoint: run.checkpoint,
          pool: WorkerPool(threadCount: 1)
        ).run()
        #expect(result.lastIteration == last && result.ending == straight.result.ending)
      }
      let theta = FileManager.default.contents(atPath: folder.thetaPath)
      #expect(theta == straight.thetaData && theta != nil)
      #expect(try rows(path) == rows(straight.folder.path))

      folder = try RunFolder.reopen(path)
      run = try ResumedRun(folder, changes: RunSettings(), isForced: false, cancellation: .never)
      folder.release()
      let text = try #require(straight.result.ending)
      #expect(run.isFinished && run.outcome == "finished iteration \(last): \(text)")
    }
  }
}
