import Foundation
import Records
import Settings
import Statistics
import Trainer

/// Runs the runs of a sweep, each a process of its own.
struct SweepRunner {
  let sweep: Sweep
  let path: String
  /// How many at a time; nil for one a processor.
  let count: Int?

  /// Runs all that are not finished.
  ///
  /// - Throws: The exit status of a signal, or of runs that failed.
  func run() throws {
    guard let lock = try FolderLock.take(path) else {
      throw SettingsError("\(path) is at work already: wait for the `nres sweep` that is")
    }
    defer { lock.end() }
    Interrupt.install()
    let board = SweepBoard(sweep, in: path)
    var alive = Array(sweep.combinations.indices)
    var failed = 0
    let rungs = try sweep.rungs()
    for (round, limit) in rungs.enumerated() {
      if Interrupt.wasRequested { break }
      let points = sweep.points.filter { alive.contains($0.combination) }
      board.begin(points, until: limit, round: rungs.count > 1 ? (round + 1, rungs.count) : nil)
      failed += try run(points, until: limit, board)
      guard let limit, round + 1 < rungs.count, !Interrupt.wasRequested else { continue }
      alive = sweep.betterHalf(of: alive) { score(of: $0, until: limit) }
    }
    board.finish()
    let results = SweepResults(sweep, in: path)
    for line in results.lines { tell(line) }
    if let picture = try results.writePicture() { tell("map: \(picture)") }
    tell("sweep: \(path)")
    if let status = Interrupt.status {
      tell("go on with: nres sweep resume \(shellWord(path))")
      throw status
    }
    if failed > 0 { throw ExitStatus.failure }
  }

  /// - Returns: How many failed.
  private func run(_ points: [Sweep.Point], until limit: Int?, _ board: SweepBoard) throws -> Int {
    // What outlived a sweep that was killed comes to its end first.
    while points.contains(where: { sweep.summary(of: $0, in: path)?.state == .running }),
      !Interrupt.wasRequested
    {
      board.show()
      usleep(200_000)
    }
    let waiting = points.filter { !isDone($0, until: limit) }
    if waiting.isEmpty || Interrupt.wasRequested { return 0 }
    let runs = ChildRuns(
      waiting.map {
        ChildRuns.Child(arguments: arguments(of: $0, until: limit), log: log(of: $0))
      }, sideBySide: count)
    let statuses = try runs.run(
      program: executablePath, over: Together.exchange,
      isCancelled: { Interrupt.wasRequested }, atWork: { board.show() })
    if Interrupt.wasRequested { return 0 }
    var failed = 0
    for (point, status) in zip(waiting, statuses) where status ?? 0 != 0 {
      let hasDiverged = status == ExitStatus.diverged.rawValue
      board.note(
        "\(point.place) \(hasDiverged ? "diverged" : "failed"): \(lastLine(of: point))")
      failed += hasDiverged ? 0 : 1
    }
    return failed
  }

  private func log(of point: Sweep.Point) -> String {
    "\(path)/.logs/\(point.place.replacing("/", with: ","))"
  }

  private func isDone(_ point: Sweep.Point, until limit: Int?) -> Bool {
    guard let run = sweep.summary(of: point, in: path) else { return false }
    let isAtRest = [.finished, .diverged].contains(run.state)
    guard let limit else { return isAtRest }
    // A run that was given a longer length, and stopped, is judged by what it was at this one.
    guard let status = run.status, status.iterations <= limit else { return run.status != nil }
    return isAtRest && (status.iteration >= limit || run.state == .diverged)
  }

  private func arguments(of point: Sweep.Point, until limit: Int?) -> [String] {
    let folder = "\(path)/\(point.place)"
    let length = limit.map { ["--outer-iterations", "\($0)"] } ?? []
    guard RunFolder.containing(folder) == nil else { return ["resume", folder] + length }
    var settings = point.settings
    if limit != nil { settings["outer-iterations"] = nil }
    return ["train", sweep.experiment, "--run-dir", folder] + length + words(settings)
  }

  /// Settings as flags.
  private func words(_ settings: RunSettings) -> [String] {
    RunSettings.declarations.compactMap { declaration in
      guard let text = settings[declaration.name] else { return nil }
      guard declaration.kind == .truth else { return "--\(declaration.name)=\(text)" }
      return text == "true" ? "--\(declaration.name)" : "--no-\(declaration.name)"
    }
  }

  private func lastLine(of point: Sweep.Point) -> String {
    let data = FileManager.default.contents(atPath: log(of: point)) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").last.map(String.init)
      ?? "it said nothing"
  }

  /// The median of what a combination's runs had reached, the larger the better.
  private func score(of combination: Int, until limit: Int) -> Double? {
    let runs = sweep.points.filter { $0.combination == combination }
      .map { sweep.summary(of: $0, in: path) }
    guard let headline = runs.lazy.compactMap({ $0?.headline }).first else { return nil }
    // A seed that has come to nothing is the worst that there is.
    let scores = runs.map { run in
      let score = run?.score(until: limit) ?? .nan
      return headline.isHigherBetter
        ? headline.ranked(score) : -headline.ranked(score)
    }
    return median(scores)
  }
}

extension Sweep {
  /// A run that has begun, in the sweep's folder `path`.
  func summary(of point: Point, in path: String) -> RunSummary? {
    RunFolder.containing("\(path)/\(point.place)").map { RunSummary(path: $0.path) }
  }
}
