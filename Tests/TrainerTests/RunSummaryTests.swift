import Estimators
import Foundation
import Records
import Settings
import TestSupport
import Testing

@testable import Trainer

/// Runs seen from outside.
struct RunSummaryTests {
  private let settings = RunSettings.quick.with { $0["run-test-during-training"] = true }

  /// A run without a task.
  private func quick(at path: String, stopAfter last: Int = .max) throws -> FinishedRun {
    try FinishedRun(
      settings, at: path, application: EarlyEndTests.falling, stopAfter: last)
  }

  /// Finds the runs below a folder.
  private func found(in path: String) throws -> [RunSummary] {
    try RunFinder(in: path).found.map { RunSummary(path: $0.path) }
  }

  @Test("a run that says nothing of itself is judged by its files")
  func older() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(settings, at: folder("run"))
    let said = try #require(RunSummary(path: run.folder.path).status)
    unlink(folder("run/status.json"))
    let summary = RunSummary(path: run.folder.path)
    let status = try #require(summary.status)
    #expect(summary.state == .finished && status.iteration == 3 && status.iterations == 3)
    #expect(status.latest == said.latest && status.best == said.best && said.best != nil)
    #expect(status.envSteps == said.envSteps && said.envSteps > 0)
    #expect(summary.subject == "Swimmer-v4" && summary.seed == "23")
    // What a kill leaves.
    _ = try folder.file("run/run.lock", [])
    #expect(RunSummary(path: run.folder.path).state == .killed)
    let lock = try #require(try FolderLock.take(folder("run")))
    #expect(RunSummary(path: run.folder.path).state == .running)
    lock.end()
    let stopped = try quick(at: folder("stopped"), stopAfter: 1)
    unlink(folder("stopped/status.json"))
    #expect(RunSummary(path: stopped.folder.path).state == .stopped)
    let diverged = try FinishedRun(
      DivergenceTests.six, at: folder("diverged"), application: DivergenceTests.lossless)
    unlink(folder("diverged/status.json"))
    #expect(RunSummary(path: diverged.folder.path).state == .diverged)
  }

  @Test(
    "what is torn is unreadable, and says which file it is",
    arguments: ["status.json", "config.json"])
  func torn(name: String) throws {
    let folder = try TemporaryFolder()
    let run = try quick(at: folder("run"))
    let whole = try #require(FileManager.default.contents(atPath: folder("run/\(name)")))
    for size in [0, 1, whole.count / 2, whole.count - 3] {
      _ = try folder.file("run/\(name)", whole.prefix(size))
      let summary = RunSummary(path: run.folder.path)
      #expect(summary.state == .unreadable)
      #expect(summary.problem?.hasPrefix(folder("run/\(name): is not ")) == true)
    }
  }

  @Test("the settings that are shown are those that were not the defaults")
  func settingsShown() throws {
    let folder = try TemporaryFolder()
    let run = try quick(at: folder("run"))
    let shown = Dictionary(
      uniqueKeysWithValues: RunSummary(path: run.folder.path).ownSettings.map { ($0.name, $0.text) }
    )
    #expect(shown["sigma"] == "0.3" && shown["run-test-during-training"] == "true")
    #expect(shown["horizon-length"] == "40" && shown["eval-freq"] == nil)
    #expect(shown["init-seed"] == nil && shown["theta-every"] == nil)
  }

  @Test("the last rows of a table, as many as there is room for")
  func lastRows() throws {
    let folder = try TemporaryFolder()
    let log = try ScalarLog(path: folder("scalars.csv"))
    let all = (0..<100).map {
      ScalarRow(iteration: $0, tag: "a,b", value: Double($0) / 3, wallSeconds: 1)
    }
    #expect(readLastScalars(folder("scalars.csv")) == [])
    try log.append(all)
    #expect(readLastScalars(folder("scalars.csv")) == all)
    for size in 1...300 {
      let rows = readLastScalars(folder("scalars.csv"), size: size)
      #expect(rows == all.suffix(rows.count) && rows.count <= size / 10)
    }
    #expect(readLastScalars(folder("none.csv")) == [])
  }

  @Test("runs are found at any depth, each once, with links that lead in circles")
  func finder() throws {
    let folder = try TemporaryFolder()
    for path in ["b/c/one", "a", "b/two"] {
      try FileManager.default.createDirectory(
        atPath: folder(path), withIntermediateDirectories: true)
      _ = try folder.file("\(path)/config.json", "{".utf8)
    }
    symlink(folder.path, folder("b/again"))
    symlink("nowhere", folder("nowhere"))
    mkfifo(folder("pipe"), 0o666)
    #expect(try RunFinder(in: folder.path).found.map(\.name) == ["a", "b/c/one", "b/two"])
    #expect(try RunFinder(in: folder("a")).found.map(\.path) == [folder("a")])
    #expect(try found(in: folder.path).allSatisfy { $0.state == .unreadable })
    #expect(throws: RecordError.self) { try RunFinder(in: folder("none")) }
    // One of another program hides nothing.
    unlink(folder("b/again"))
    _ = try folder.file("b/config.json", "{}".utf8)
    #expect(try RunFinder(in: folder("b")).found.map(\.name) == [folder("b"), "c/one", "two"])
  }

  @Test("a thousand runs")
  func many() throws {
    let folder = try TemporaryFolder()
    let run = try quick(at: folder("run"))
    mkdir(folder("all"), 0o777)
    for number in 0..<1000 {
      if number < 10 { mkdir(folder("all/\(number)"), 0o777) }
      let path = folder("all/\(number % 10)/run\(number)")
      mkdir(path, 0o777)
      for name in ["config.json", "status.json"] {
        #expect(link("\(run.folder.path)/\(name)", "\(path)/\(name)") == 0)
      }
    }
    let runs = try found(in: folder("all"))
    #expect(runs.count == 1000 && runs.allSatisfy { $0.state == .finished })
  }
}
