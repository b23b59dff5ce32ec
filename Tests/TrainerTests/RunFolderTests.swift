import Estimators
import Foundation
import Records
import TestSupport
import Testing
import Trainer

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
      (file + "/x", "cannot make the run folder: check the path and its permissions"),
      ("/proc/nres/x", "cannot make the run folder: check the path and its permissions"),
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

  @Test("the default path has family, name and time, and is free")
  func defaultPath() throws {
    let path = RunFolder.defaultPath(family: "rl", name: "swimmer-nres")
    #expect(path.wholeMatch(of: /runs\/rl\/swimmer-nres-\d{8}-\d{6}(-\d+)?/) != nil)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// Swimmer's policy has no time axis.
  static let cannotBegin = RunSettings.quick.with { $0.gradientEstimator = "FullES_trajopt" }

  @Test("a run that cannot begin leaves nothing")
  func discard() throws {
    let folder = try TemporaryFolder()
    #expect(throws: EstimatorError.needsTimeAxis(horizon: 40)) {
      try FinishedRun(Self.cannotBegin, at: folder("a/b/c"))
    }
    #expect(try folder.names == [])
    // A folder that was there stays.
    #expect(throws: EstimatorError.self) { try FinishedRun(Self.cannotBegin, at: folder.path) }
    #expect(try folder.names == [])
    #expect(FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("the best iteration is that of the highest value, the first of equals")
  func best() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder.create(at: folder.path)
    #expect(try run.bestIteration(of: "test/a") == nil)
    let log = try ScalarLog(path: run.scalarsPath)
    for (iteration, value) in [1.0, 4, .nan, 4, .infinity, 3].enumerated() {
      try log.append(iteration: iteration, tag: "test/a", value: value, wallSeconds: 0)
      try log.append(iteration: iteration, tag: "test/b", value: -value, wallSeconds: 0)
    }
    #expect(try run.bestIteration(of: "test/a") == 1)
    #expect(try run.bestIteration(of: "test/b") == 0)
    #expect(try run.bestIteration(of: "test/c") == nil)
  }
}
