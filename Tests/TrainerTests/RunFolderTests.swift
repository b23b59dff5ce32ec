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
    #expect(try RunFolder.create(at: folder("a/b/c")).path == run.path)
    #expect(try RunFolder.open(run.path).path == run.path)
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
        group.addTask { try RunFolder.create(family: "rl", name: "swimmer", in: root.path).path }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
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
