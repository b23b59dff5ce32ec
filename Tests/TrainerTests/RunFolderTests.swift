import Envs
import Foundation
import Records
import Tasks
import TestSupport
import Testing

@testable import Trainer

struct RunFolderTests {
  @Test("a run folder is made with those above it, or taken if it is empty")
  func create() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder.create(at: folder("a/b/c"))
    #expect(run.path == folder("a/b/c"))
    #expect(FileManager.default.fileExists(atPath: folder("a/b/c")))
    #expect(try RunFolder.open(run.path).path == run.path)
    try FileManager.default.createDirectory(
      atPath: folder("empty"), withIntermediateDirectories: false)
    #expect(try RunFolder.create(at: folder("empty")).path == folder("empty"))
  }

  @Test("a folder is one run's, from before its first file until it ends")
  func held() throws {
    let folder = try TemporaryFolder()
    var run: RunFolder? = try RunFolder.create(at: folder("run"))
    let error = #expect(throws: RecordError.self) { try RunFolder.create(at: folder("run")) }
    #expect(error?.cause == "another run is using the folder: choose another --run-dir")
    // One that was killed before its first file left a folder that is free.
    run = nil
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("run")) == ["run.lock"])
    _ = try folder.file("run/.partial-7-0", [1])
    run = try RunFolder.create(at: folder("run"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("run")) == ["run.lock"])
    // What another put there is not removed with it.
    _ = try folder.file("run/theirs", [1])
    run?.discard()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("run")) == ["theirs"])
  }

  @Test("a path that is too long leaves none of the folders above it")
  func tooLong() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: RecordError.self) {
      try RunFolder.create(at: folder("a/b/") + String(repeating: "x", count: 300))
    }
    #expect(error?.cause.contains("(file name too long)") == true)
    #expect(try folder.names == [])
  }

  @Test("of many that want a folder at once one gets it", arguments: [false, true])
  func atOnce(isThere: Bool) async throws {
    let folder = try TemporaryFolder()
    for number in 0..<20 {
      let path = folder("\(number)") + (isThere ? "" : "/a/b")
      if isThere {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      }
      let winners = await withTaskGroup { group in
        for _ in 0..<8 { group.addTask { try? RunFolder.create(at: path) } }
        return await group.reduce(into: [RunFolder]()) { if let run = $1 { $0.append(run) } }
      }
      #expect(winners.count == 1)
    }
  }

  @Test("a run whose folder is removed or moved ends within an iteration", arguments: [0, 2])
  func removed(after last: Int) throws {
    for moves in [false, true] {
      let folder = try TemporaryFolder()
      let plan = try TrainingPlan(.quick)
      let run = try RunFolder.create(at: folder("run"))
      var iterations: [Int] = []
      let error = #expect(throws: RecordError.self) {
        try TrainingLoop(
          plan, application: TrainingLoopTests.quiet, folder: run, pool: plan.pool,
          report: {
            if !$0.isUnderWay { iterations.append($0.iteration) }
            guard iterations.last == last else { return }
            if moves {
              rename(run.path, folder("moved"))
            } else {
              try? FileManager.default.removeItem(atPath: run.path)
            }
          }
        ).run()
      }
      #expect(iterations == Array(0...last))
      #expect(
        error?.description
          == "\(run.thetaPath): is no longer there: the folder was removed or moved "
          + "under the run")
      #expect(try folder.names == (moves ? ["moved"] : []))
    }
  }

  @Test("a folder that is removed or moved in the burn-in is noticed", arguments: [false, true])
  func removedEarly(moves: Bool) throws {
    let folder = try TemporaryFolder()
    let plan = try TrainingPlan(.quick)
    let run = try RunFolder.create(at: folder("run"))
    var reports: [TrainingProgress] = []
    let error = #expect(throws: RecordError.self) {
      try TrainingLoop(
        plan, application: plan.makeApplication(), folder: run, pool: plan.pool,
        report: {
          reports.append($0)
          guard $0.burnIn?.done == 2 else { return }
          if moves {
            rename(run.path, folder("moved"))
            // What took its place is left alone.
            try? FileManager.default.copyItem(atPath: folder("moved"), toPath: run.path)
          } else {
            try? FileManager.default.removeItem(atPath: run.path)
          }
        }
      ).run()
    }
    #expect(error?.cause.hasPrefix("is no longer there") == true)
    #expect(reports.last?.burnIn?.done == 2 && reports.last?.burnIn?.of == 4)
    #expect(try folder.names == (moves ? ["moved", "run"] : []))
    if moves {
      let files = try FileManager.default.contentsOfDirectory(atPath: run.path)
      #expect(try files == FileManager.default.contentsOfDirectory(atPath: folder("moved")))
    }
  }

  @Test("nothing is written over")
  func refuses() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", [1])
    for (path, cause) in [
      (folder.path, "the run folder is not empty: choose another --run-dir or remove it"),
      (file, "is a file, not a folder: choose another --run-dir"),
      (
        file + "/x",
        "cannot make the run folder (not a directory): check the path and its permissions"
      ),
      (
        "/proc/nres/x",
        "cannot make the run folder (no such file or directory): "
          + "check the path and its permissions"
      ),
    ] {
      let error = #expect(throws: RecordError.self) { try RunFolder.create(at: path) }
      #expect(error == RecordError(.cannotCreate, path, cause))
    }
    let unnamed = #expect(throws: RecordError.self) { try RunFolder.create(at: "") }
    #expect(unnamed?.description == "--run-dir: is empty: name a folder")
    #expect(try folder.names == ["file"])
    #expect(throws: RecordError.self) { try RunFolder.open(file) }
    #expect(throws: RecordError.self) { try RunFolder.open(folder("nothing")) }
  }

  @Test("default folders have family, name and time, and runs that begin together share none")
  func defaultFolders() async throws {
    let root = try TemporaryFolder()
    let paths = try await withThrowingTaskGroup { group in
      for _ in 0..<24 {
        group.addTask { try RunFolder.create(family: "rl", name: "swimmer", in: root.path) }
      }
      return try await group.reduce(into: [RunFolder]()) { $0.append($1) }
    }.map(\.path)
    #expect(Set(paths).count == 24)
    for path in paths {
      let name = path.dropFirst(root.path.count)
      #expect(name.wholeMatch(of: /\/rl\/swimmer-\d{8}-\d{6}(-\d+)?/) != nil)
    }
  }

  /// Swimmer's first steps diverge.
  static let cannotBegin = RunSettings.quick.with { $0["sigma"] = 1e30 }

  @Test("a run that cannot begin leaves nothing")
  func discard() throws {
    let folder = try TemporaryFolder()
    #expect(throws: EnvironmentError.self) {
      try FinishedRun(Self.cannotBegin, at: folder("a/b/c"))
    }
    #expect(try folder.names == [])
    // So do the folders of another run that has begun in the meantime.
    let run = try RunFolder.create(at: folder("runs/a"))
    let other = try RunFolder.create(at: folder("runs/b"))
    run.discard()
    #expect(FileManager.default.fileExists(atPath: other.path))
    other.discard()
    #expect(try folder.names == ["runs"])
    try FileManager.default.removeItem(atPath: folder("runs"))
    // A folder that was there stays.
    #expect(throws: EnvironmentError.self) { try FinishedRun(Self.cannotBegin, at: folder.path) }
    #expect(try folder.names == [])
    #expect(FileManager.default.fileExists(atPath: folder.path))
  }

  static let best = [
    (ControlApplication.headline.tag, 1), (SystemApplication<Lorenz>.headline.tag, 0),
    ("test/smoothed_train_reward", nil),
  ]

  @Test("the best iteration is that of the highest reward or lowest loss, the first of equals")
  func best() throws {
    for (tag, best) in Self.best {
      let folder = try TemporaryFolder()
      let run = try RunFolder.create(at: folder.path)
      #expect(try run.bestIteration(in: .all(6)) == nil)
      let log = try ScalarLog(path: run.scalarsPath)
      for (iteration, value) in [1.0, 4, .nan, 4, .infinity, 3, -.infinity, 1].enumerated() {
        try log.append(iteration: iteration, tag: tag, value: value, wallSeconds: 0)
        try log.append(iteration: iteration, tag: "mean_loss", value: -value, wallSeconds: 0)
      }
      #expect(try run.bestIteration(in: .all(8)) == best)
      // Rows of iterations beyond those asked for, as of a run that goes on, do not count.
      #expect(try run.bestIteration(in: .all(1)) == best.map { _ in 0 })
      #expect(try run.bestIteration(in: .all(0)) == nil)
    }
  }
}
