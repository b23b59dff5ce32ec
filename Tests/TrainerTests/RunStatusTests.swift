import Estimators
import Foundation
import Records
import Settings
import TestSupport
import Testing
import Workers

@testable import Trainer

/// What runs say of themselves, and what is made of it.
struct RunStatusTests {
  private let settings = RunSettings.quick.with { $0["run-test-during-training"] = true }

  @Test("it says that it works from before iteration 0, and at its end how it ended")
  func finished() throws {
    let folder = try TemporaryFolder()
    var first: RunStatus?
    let plan = try TrainingPlan(settings)
    let result = try TrainingLoop(
      plan, application: EarlyEndTests.falling, folder: RunFolder.create(at: folder("run")),
      pool: WorkerPool(threadCount: 1),
      report: { _ in if first == nil { first = try? RunStatus(in: folder("run")) } }
    ).run()
    let begun = try #require(first)
    #expect(begun.state == .running && begun.iteration == 0 && begun.iterations == 3)
    #expect(begun.process == getpid() && begun.host == hostName && begun.latest == nil)
    let status = try #require(try RunStatus(in: folder("run")))
    #expect(status.state == .finished && status.iteration == 3 && status.envSteps == 300)
    #expect(status.headline == "test/score" && status.latest == result.evaluated)
    #expect(status.best?.iteration == 0 && status.best == result.best)
    #expect(!status.isEvaluating && status.burnIn == nil && status.ending == nil)
    #expect(abs(status.heartbeat.timeIntervalSinceNow) < 100)
  }

  @Test("evaluations after training count as those during it")
  func after() throws {
    let folder = try TemporaryFolder()
    let during = try FinishedRun(
      settings, at: folder("during"), application: EarlyEndTests.falling)
    let after = try FinishedRun(
      settings.with {
        $0["run-test-during-training"] = false
        $0["run-test-after-training"] = true
      }, at: folder("after"), application: EarlyEndTests.falling)
    #expect(after.result.best == during.result.best && during.result.best != nil)
    let status = try #require(try RunStatus(in: after.folder.path))
    #expect(status.best == during.result.best && status.latest == during.result.evaluated)
    #expect(status.state == .finished && status.iteration == 3)
  }

  @Test("a run that was stopped, or diverged, says so")
  func ends() throws {
    let folder = try TemporaryFolder()
    let stopped = try FinishedRun(
      settings, at: folder("stopped"), application: EarlyEndTests.falling, stopAfter: 1)
    #expect(try RunStatus(in: stopped.folder.path)?.state == .stopped)
    #expect(try RunStatus(in: stopped.folder.path)?.iteration == stopped.result.lastIteration)
    for policy in ["continue", "stop"] {
      let run = try FinishedRun(
        DivergenceTests.six.with { $0["on-nonfinite"] = policy }, at: folder(policy),
        application: DivergenceTests.lossless)
      let status = try #require(try RunStatus(in: run.folder.path))
      #expect(status.state == .diverged && status.iteration == (policy == "stop" ? 2 : 6))
    }
  }

  @Test("one that was killed before it could say how it ended says it when it is opened again")
  func noted() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      RunSettings.lorenz.with {
        $0["run-test-during-training"] = true
        $0["stop-at"] = 1e9
      }, at: folder("run"))
    let ending = try #require(run.result.ending)
    var status = try #require(try RunStatus(in: folder("run")))
    (status.state, status.ending) = (.running, nil)
    try status.write(in: folder("run"))
    let reopened = try RunFolder.reopen(folder("run"))
    defer { reopened.release() }
    try ResumedRun(reopened, changes: RunSettings(), isForced: false, cancellation: .never)
      .prepare()
    status = try #require(try RunStatus(in: folder("run")))
    #expect(status.state == .finished && status.ending == ending)
  }

  @Test("one that was stopped or failed says why")
  func reasons() throws {
    let folder = try TemporaryFolder()
    func train(_ name: String, report: @escaping (TrainingProgress) -> Void) throws -> RunStatus? {
      _ = try? TrainingLoop(
        TrainingPlan(settings), application: EarlyEndTests.falling,
        folder: RunFolder.create(at: folder(name)), pool: WorkerPool(threadCount: 1),
        shouldStop: { true }, stopReason: { "SIGTERM" }, report: report
      ).run()
      return try RunStatus(in: folder(name))
    }
    let stopped = try train("stopped") { _ in }
    #expect(stopped?.state == .stopped && stopped?.ending == "SIGTERM")
    let failed = try train("failed") { _ in unlink(folder("failed/theta_trajectory.safetensors")) }
    #expect(failed?.state == .failed)
    #expect(
      failed?.ending?.hasSuffix(
        "theta_trajectory.safetensors: is no longer there: the folder was removed or moved under the run"
      ) == true)
  }

  @Test("a folder whose file system has no locks is said to have none")
  func lockless() throws {
    let folder = try TemporaryFolder()
    let lock = try FolderLock.take(folder.path) { _ in ENOLCK }
    #expect(
      RunFolder(path: "run", lock: lock).lockNote
        == "run: its file system has no locks (no locks available): run.lock in it keeps other processes "
        + "off, and has to be removed by hand after a kill")
    #expect(try RunFolder.create(at: folder("locked")).lockNote == nil)
  }

  @Test("a run whose status cannot be written trains all the same")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let path = folder("run/status.json")
    let result = try TrainingLoop(
      TrainingPlan(settings), application: EarlyEndTests.falling,
      folder: RunFolder.create(at: folder("run")), pool: WorkerPool(threadCount: 1),
      report: { _ in
        try? FileManager.default.removeItem(atPath: path)
        mkdir(path, 0o777)
      }
    ).run()
    #expect(result.lastIteration == 3 && !result.wasStopped)
    #expect(RunSummary(path: folder("run")).state == .unreadable)
  }

  @Test("one that could not begin leaves no status either")
  func discarded() throws {
    let folder = try TemporaryFolder()
    var application = EarlyEndTests.falling
    application.isBroken = true
    #expect(throws: SettingsError.self) {
      try FinishedRun(settings, at: folder("run"), application: application)
    }
    #expect(try folder.names == [])
  }

  @Test("what no process stands behind is killed, and a host far away may be silent")
  func judged() {
    let now = Date()
    func state(
      _ state: RunState = .running, process: Int32? = getpid(), host: String? = hostName,
      age: Double, isHeld: Bool = false
    ) -> RunState {
      RunStatus(
        state: state, process: process, host: host, iterations: 1, headline: "",
        heartbeat: now - age
      ).judged(isHeld: isHeld, now: now)
    }
    // No process has this number.
    let gone: Int32 = 1 << 30
    #expect(state(process: gone, age: 1) == .killed)
    #expect(state(process: gone, age: 1000, isHeld: true) == .running)
    #expect(state(age: 1) == .running)
    // Its number is another process's by now.
    #expect(state(age: 61) == .killed)
    #expect(state(host: "elsewhere", age: 59) == .running)
    #expect(state(host: "elsewhere", age: 61) == .silent)
    #expect(state(host: "elsewhere", age: 61, isHeld: true) == .running)
    for end in [RunState.finished, .stopped, .diverged, .failed] {
      #expect(state(end, process: gone, age: 1000) == end)
    }
  }
}
