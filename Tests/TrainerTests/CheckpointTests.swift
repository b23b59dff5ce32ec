import Foundation
import Records
import Settings
import TestSupport
import Testing
import Trainer
import Workers

/// Checkpoints that are not whole, not there or not the run's.
struct CheckpointTests {
  /// A run with a checkpoint an iteration, stopped after the second, and one that never was.
  private func begin(
    in folder: TemporaryFolder
  ) throws -> (run: FinishedRun, whole: ResumeTests.Numbers) {
    let settings = RunSettings.lorenz.with {
      $0["checkpoint-every"] = 1
      $0["outer-iterations"] = 4
    }
    let whole = try FinishedRun(settings, at: folder("whole"))
    return (
      try FinishedRun(settings, at: folder("run"), stopAfter: 2),
      try ResumeTests.Numbers(whole.folder)
    )
  }

  @Test("one that was cut or changed at any place is refused, and the one before it is taken")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let (run, whole) = try begin(in: folder)
    let path = folder("run/\(CheckpointFiles.name)")
    let good = try Data(contentsOf: URL(filePath: path))
    let before = try Data(contentsOf: URL(filePath: folder("run/\(CheckpointFiles.previousName)")))
    let plan = try TrainingPlan(run.folder.configuration().settings)
    func expectRefused(_ bytes: Data, _ what: String) throws {
      try bytes.write(to: URL(filePath: path))
      let found = try run.folder.lastCheckpoint(of: plan)
      #expect(found?.refused is RecordError && found?.checkpoint.iteration == 1, "\(what)")
    }
    #expect(try run.folder.lastCheckpoint(of: plan)?.checkpoint.iteration == 2)
    for length in stride(from: 0, to: good.count, by: max(1, good.count / 97)) {
      try expectRefused(good.prefix(length), "\(length) bytes")
      var changed = good
      changed[length] ^= 4
      try expectRefused(changed, "byte \(length) changed")
    }
    // Blocks of the one and of the other, as a disk may leave them.
    for edge in stride(from: 512, to: min(good.count, before.count), by: 512) {
      let mixed = good.prefix(edge) + before.dropFirst(edge)
      if mixed != good && mixed != before { try expectRefused(mixed, "mixed at \(edge)") }
    }
    var notes: [String] = []
    let last = try ResumeTests.resume(folder("run")) { notes = $0 }
    #expect(notes.count == 1 && notes[0].hasSuffix("the one before it is taken"))
    #expect(try ResumeTests.Numbers(last.folder) == whole)
  }

  @Test("a run that is killed between the names of its checkpoints has the one before")
  func between() throws {
    let folder = try TemporaryFolder()
    let (run, whole) = try begin(in: folder)
    unlink(folder("run/\(CheckpointFiles.name)"))
    try Data("half".utf8).write(to: URL(filePath: folder("run/.partial-1-0")))
    try ResumeTests.resume(folder("run"))
    #expect(try ResumeTests.Numbers(run.folder) == whole)
    #expect(!FileManager.default.fileExists(atPath: folder("run/.partial-1-0")))
  }

  @Test("where none can be written, training goes on and says so")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.lorenz.with { $0["checkpoint-every"] = 1 }
    let plan = try TrainingPlan(settings)
    let run = try RunFolder.create(at: folder("run"))
    var failures: [String] = []
    let result = try TrainingLoop(
      plan, application: plan.makeApplication(), folder: run, pool: WorkerPool(threadCount: 1),
      report: {
        failures += [$0.checkpointFailure].compactMap(\.self)
        guard $0.iteration == 1 else { return }
        unlink(folder("run/\(CheckpointFiles.name)"))
        mkdir(folder("run/\(CheckpointFiles.name)"), 0o777)
      }
    ).run()
    #expect(result.lastIteration == 3 && !result.wasStopped)
    #expect(failures.count == 3 && failures.allSatisfy { $0.contains(CheckpointFiles.name) })
    // The last one that could be is still there.
    let found = try run.lastCheckpoint(of: plan)
    #expect(found?.checkpoint.iteration == -1 && found?.refused != nil)
  }

  @Test("a run of another program, or with a damaged model, goes on only by force")
  func others() throws {
    let folder = try TemporaryFolder()
    let (run, _) = try begin(in: folder)
    let path = run.folder.configurationPath
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("\"nres\" : \"\(programVersion)\"", with: "\"nres\" : \"0.0.9\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: RecordError.self) { try ResumeTests.resume(folder("run")) }
    #expect(error?.description.contains("nres 0.0.9") == true)
    #expect(error?.description.contains("--force") == true)
    var notes: [String] = []
    let last = try ResumeTests.resume(folder("run"), isForced: true) { notes = $0 }
    #expect(notes.count == 1 && last.result.lastIteration == 4)
  }

  @Test(
    "fewer iterations than are done, other settings, no checkpoint and logs cut short are errors")
  func refusals() throws {
    func expect(
      _ words: String, _ changes: RunSettings = RunSettings(),
      after change: (TemporaryFolder, RunFolder) throws -> Void = { _, _ in }
    ) throws {
      let folder = try TemporaryFolder()
      let (run, _) = try begin(in: folder)
      try change(folder, run.folder)
      let (theta, log) = (
        run.thetaData, FileManager.default.contents(atPath: run.folder.scalarsPath)
      )
      let error = #expect(throws: (any Error).self) {
        try ResumeTests.resume(folder("run"), changes)
      }
      #expect("\(error as Any)".contains(words), "\(error as Any)")
      #expect(run.thetaData == theta)
      #expect(FileManager.default.contents(atPath: run.folder.scalarsPath) == log)
    }
    try expect("at least as many", RunSettings(["outer-iterations": "1"]))
    try expect("no checkpoint") { folder, _ in
      unlink(folder("run/\(CheckpointFiles.name)"))
      unlink(folder("run/\(CheckpointFiles.previousName)"))
    }
    try expect("shorter than") { folder, run in truncate(run.scalarsPath, 50) }
    // A run whose θ is gone has logs to lose.
    try expect("no checkpoint") { folder, run in
      for name in [CheckpointFiles.name, CheckpointFiles.previousName] {
        unlink(folder("run/\(name)"))
      }
      try Data("?".utf8).write(to: URL(filePath: run.thetaPath))
    }
    try expect("--outer-optimizer-specs is ADAM||CONSTANT1e-4, and was SGD||") { folder, run in
      let path = run.configurationPath
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("SGD||", with: "ADAM||")
        .write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  @Test("a run that another process holds is left alone")
  func held() throws {
    let folder = try TemporaryFolder()
    _ = try begin(in: folder)
    let held = try RunFolder.reopen(folder("run"))
    let error = #expect(throws: RecordError.self) { try ResumeTests.resume(folder("run")) }
    #expect(error?.description.contains("still going on") == true)
    held.release()
    #expect(try ResumeTests.resume(folder("run")).result.lastIteration == 4)
  }
}
