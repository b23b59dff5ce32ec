import Foundation
import Records
import Settings
import Snapshots
import TestSupport
import Testing
import Trainer
import Workers

/// Runs that were stopped and go on have the bytes of runs that were not.
struct ResumeTests {
  /// What a run left that does not depend on the clock.
  struct Numbers: Equatable {
    var theta: Data?
    /// Iteration, tag and value of each line, in their order.
    var scalars: [String]
    var events: [String]

    init(_ folder: RunFolder) throws {
      theta = FileManager.default.contents(atPath: folder.thetaPath)
      func isTimeless(_ tag: String) -> Bool { !tag.hasSuffix("/time") }
      scalars = try readScalars(folder.scalarsPath).filter { isTimeless($0.tag) }
        .map { "\($0.iteration) \($0.tag) \($0.value)" }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasPrefix("events.") }
      #expect(names.count == 1)
      events = try names.flatMap { try Events.scalars(in: "\(folder.path)/\($0)") }
        .filter { isTimeless($0.tag) }.map { "\($0.step) \($0.tag) \($0.value)" }
    }
  }

  /// Goes on with the run at `path`.
  @discardableResult
  static func resume(
    _ path: String, _ changes: RunSettings = RunSettings(), threads: Int = 1,
    stopAfter last: Int = .max, isForced: Bool = false, notes: ([String]) -> Void = { _ in }
  ) throws -> FinishedRun {
    let folder = try RunFolder.reopen(path)
    let run: ResumedRun
    do {
      run = try ResumedRun(folder, changes: changes, isForced: isForced, cancellation: .never)
      try run.prepare()
    } catch {
      folder.release()
      throw error
    }
    notes(run.notes)
    var isOver = false
    let result = try TrainingLoop(
      run.plan, application: run.application, folder: folder, checkpoint: run.checkpoint,
      pool: WorkerPool(threadCount: threads), shouldStop: { isOver },
      report: { isOver = isOver || $0.iteration >= last }
    ).run()
    return FinishedRun(folder: folder, result: result)
  }

  /// A run of six iterations in one go, and one that is stopped after 1 and after 3.
  private func compare(
    _ settings: RunSettings, then changes: RunSettings = RunSettings()
  ) throws {
    let folder = try TemporaryFolder()
    let settings = settings.with { $0["outer-iterations"] = 6 }
    let whole = try FinishedRun(settings, at: folder("whole"))
    _ = try FinishedRun(settings, at: folder("parts"), stopAfter: 1)
    try Self.resume(folder("parts"), changes, threads: 3, stopAfter: 3)
    let last = try Self.resume(folder("parts"), threads: 2)
    #expect(try Numbers(last.folder) == Numbers(whole.folder))
    #expect(last.result.environmentSteps == whole.result.environmentSteps)
    #expect(!last.result.wasStopped && last.result.lastIteration == 6)
  }

  /// Both engines have particles in blocks of their own.
  @Test(
    "control, whichever engine goes on",
    arguments: [
      ("TruncatedPESK", ""), ("TruncatedNRES", ""), ("TruncatedNRESHistory", "normalize-loss"),
      ("TruncatedESBiased", ""), ("FullES", "test"), ("TruncatedPESK", "microbatches"),
      ("ShortHorizonES", "test"), ("FullPESK", ""), ("TruncatedNRES", "normalized"),
    ])
  func control(_ estimator: String, _ variant: String) throws {
    let settings = RunSettings.quick.with {
      $0["gradient-estimator"] = estimator
      $0["K"] = ["TruncatedPESK", "FullPESK"].contains(estimator) ? 20 : nil as Int?
      $0["num-particles"] = 6
      $0["grad-clip-threshold"] = 0.5
      $0["outer-optimizer-specs"] = "ADAM||PIECEWISE_CONSTANT1e-1(3,0.3)"
      if variant == "test" { $0["run-test-during-training"] = true }
      if variant == "normalized" { $0["normalize-observations"] = true }
      if variant == "microbatches" { $0["num-gradient-estimators"] = 2 }
      if estimator == "FullES" { $0["trunc-length"] = nil as Int? }
      if estimator == "FullPESK" { $0["trunc-length"] = nil as Int? }
    }
    for (first, second) in [("lanes", "mujoco"), ("mujoco", "lanes")] {
      try compare(
        settings.with { $0["physics"] = first }, then: RunSettings(["physics": second]))
    }
  }

  @Test(
    "a system, with derivatives too",
    arguments: [
      "TruncatedPESK", "TruncatedBPTT", "UORO", "TruncatedForwardModeK", "FullGradient",
      "TruncatedForwardModeSharedNoise",
    ])
  func lorenz(_ estimator: String) throws {
    try compare(
      RunSettings.lorenz.with {
        $0["gradient-estimator"] = estimator
        $0["num-particles"] = 20
        if !["TruncatedPESK", "TruncatedForwardModeK"].contains(estimator) {
          $0["K"] = nil as Int?
        }
        if estimator == "FullGradient" { $0["trunc-length"] = nil as Int? }
        $0["run-test-during-training"] = true
        $0["outer-optimizer-specs"] = "SGDM||CONSTANT1e-4"
      })
  }

  @Test("θ of some iterations, evaluated after training")
  func thinned() throws {
    let settings = RunSettings.lorenz.with {
      $0["theta-every"] = 2
      $0["run-test-after-training"] = true
      $0["eval-freq"] = 2
    }
    try compare(settings)
    let folder = try TemporaryFolder()
    let settings5 = settings.with { $0["outer-iterations"] = 5 }
    let whole = try FinishedRun(settings5, at: folder("whole"))
    // Stopped while its θ's are evaluated.
    var evaluations = 0
    let plan = try TrainingPlan(settings5)
    let run = try RunFolder.create(at: folder("parts"))
    _ = try TrainingLoop(
      plan, application: plan.makeApplication(), folder: run, pool: WorkerPool(threadCount: 1),
      shouldStop: { evaluations == 2 }, report: { evaluations += $0.isEvaluating ? 1 : 0 }
    ).run()
    let last = try Self.resume(folder("parts"))
    #expect(try Numbers(last.folder) == Numbers(whole.folder))
  }

  @Test("a run that became longer, was killed and is to have its old length has its evaluations")
  func backAgain() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.lorenz.with { $0["run-test-after-training"] = true }
    let whole = try FinishedRun(settings, at: folder("whole"))
    _ = try FinishedRun(settings, at: folder("parts"))
    let run = try RunFolder.reopen(folder("parts"))
    let longer = try ResumedRun(
      run, changes: RunSettings(["outer-iterations": "9"]), isForced: false, cancellation: .never)
    try longer.prepare()
    // As if it had been killed before another checkpoint, with more rows than its evaluations were.
    let files = [CheckpointFiles.name, CheckpointFiles.previousName]
    var kept: [Data] = []
    var last = 0
    _ = try TrainingLoop(
      longer.plan, application: longer.application, folder: run, checkpoint: longer.checkpoint,
      pool: WorkerPool(threadCount: 1), shouldStop: { last >= 8 },
      report: {
        last = $0.iteration
        if kept.isEmpty {
          kept = files.compactMap { FileManager.default.contents(atPath: folder("parts/\($0)")) }
        }
      }
    ).run()
    for (name, data) in zip(files, kept) {
      try data.write(to: URL(filePath: folder("parts/\(name)")))
    }
    let again = try Self.resume(folder("parts"), RunSettings(["outer-iterations": "3"]))
    #expect(try Numbers(again.folder) == Numbers(whole.folder))
  }

  @Test("a finished run becomes longer, and says that it is finished")
  func extension_() throws {
    for settings in [
      RunSettings.quick,
      RunSettings.lorenz.with {
        $0["run-test-after-training"] = true
        $0["theta-every"] = 4
        $0["eval-freq"] = 4
      },
    ] {
      let folder = try TemporaryFolder()
      let longer = settings.with { $0["outer-iterations"] = 9 }
      let whole = try FinishedRun(longer, at: folder("whole"))
      _ = try FinishedRun(settings, at: folder("parts"))
      let reopened = try RunFolder.reopen(folder("parts"))
      let run = try ResumedRun(
        reopened, changes: RunSettings(), isForced: false, cancellation: .never)
      #expect(run.isFinished)
      reopened.release()
      let last = try Self.resume(folder("parts"), RunSettings(["outer-iterations": "9"]))
      #expect(try Numbers(last.folder) == Numbers(whole.folder))
      #expect(try last.folder.configuration().settings == whole.folder.configuration().settings)
    }
  }
}
