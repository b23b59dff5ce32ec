import Foundation
import Records
import Settings
import Statistics
import Trainer

/// Runs the runs of a sweep, each a process of its own.
struct SweepRunner {
  let sweep: Sweep
  let path: String
  /// How many at a time.
  let count: Int

  /// A run at work.
  private struct Working {
    var point: Sweep.Point
    var process: Process
  }

  /// Runs all that are not finished.
  ///
  /// - Throws: The exit status of a signal, or of runs that failed.
  func run() throws {
    if Together.exchange != nil {
      throw SettingsError("a sweep is one process: start it without mpirun")
    }
    Interrupt.install()
    let points = sweep.points
    let progress = ProgressLine()
    var waiting = points.filter { !isFinished($0) }[...]
    let threads = max(1, ProcessorCount.usable / min(count, max(1, waiting.count)))
    var working: [Working] = []
    var failed = 0
    while !working.isEmpty || !waiting.isEmpty && !Interrupt.wasRequested {
      while working.count < count, !Interrupt.wasRequested, let point = waiting.popFirst() {
        working.append(try start(point, threads: threads))
      }
      for run in working where !run.process.isRunning {
        let status = run.process.terminationStatus
        if status != 0, status != ExitStatus.diverged.rawValue, !Interrupt.wasRequested {
          failed += 1
          progress.note("\(run.point.place) failed: \(lastLine(of: run.point))")
        }
      }
      working.removeAll { !$0.process.isRunning }
      if Interrupt.wasRequested { for run in working { run.process.terminate() } }
      let done = points.count - waiting.count - working.count
      let names = working.map(\.point.place).joined(separator: "   ")
      progress.show { _ in "\(done) of \(points.count) runs   \(names)" }
      usleep(100_000)
    }
    progress.finish()
    tell(table(points))
    tell("sweep: \(path)")
    if let status = Interrupt.status {
      tell("go on with: nres sweep resume \(shellWord(path))")
      throw status
    }
    if failed > 0 { throw ExitStatus.failure }
  }

  private func folder(of point: Sweep.Point) -> String { "\(path)/\(point.place)" }

  private func log(of point: Sweep.Point) -> String {
    "\(path)/logs/\(point.place.replacing("/", with: ","))"
  }

  private func summary(of point: Sweep.Point) -> RunSummary? {
    RunFolder.containing(folder(of: point)).map { RunSummary(path: $0.path) }
  }

  private func isFinished(_ point: Sweep.Point) -> Bool {
    summary(of: point).map { [.finished, .diverged].contains($0.state) } ?? false
  }

  private func start(_ point: Sweep.Point, threads: Int) throws -> Working {
    let process = Process()
    process.executableURL = URL(filePath: executablePath)
    let folder = folder(of: point)
    process.arguments =
      RunFolder.containing(folder) != nil
      ? ["resume", folder, "--threads", "\(threads)"]
      : ["train", sweep.experiment, "--run-dir", folder, "--threads", "\(threads)"]
        + words(point.settings)
    let log = log(of: point)
    try? FileManager.default.createDirectory(
      atPath: "\(path)/logs", withIntermediateDirectories: true)
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw RecordError(.cannotCreate, log, "cannot be written") }
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return Working(point: point, process: process)
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

  /// A row for each combination, the best first: its runs that have been evaluated, and the median of
  /// their last evaluations and of their best.
  private func table(_ points: [Sweep.Point]) -> String {
    struct Row {
      var values: [String]
      var last: [Double] = []
      var best: [Double] = []
    }
    var rows: [Row] = []
    var headline: Headline?
    for point in points {
      if rows.last?.values != point.values { rows.append(Row(values: point.values)) }
      guard let run = summary(of: point) else { continue }
      headline = headline ?? run.headline
      if let last = run.status?.latest { rows[rows.count - 1].last.append(last.value) }
      if let best = run.status?.best { rows[rows.count - 1].best.append(best.value) }
    }
    let decimals = headline?.decimals ?? 1
    func text(_ values: [Double]) -> String {
      values.isEmpty ? "-" : decimal(median(values), decimals)
    }
    let sorted = rows.sorted { one, other in
      guard let headline, !one.last.isEmpty, !other.last.isEmpty else {
        return !one.last.isEmpty && other.last.isEmpty
      }
      return headline.isBetter(median(one.last), than: median(other.last))
    }
    let label = headline?.label ?? "headline"
    return textTable(
      [sweep.axes.map(\.name) + ["runs", "last \(label)", "best \(label)"]]
        + sorted.map { $0.values + ["\($0.last.count)", text($0.last), text($0.best)] }
    ).joined(separator: "\n")
  }
}

/// Columns beside each other, as lines.
func textTable(_ rows: [[String]]) -> [String] {
  let widths = (rows.first ?? []).indices.map { column in
    rows.reduce(0) { max($0, $1[column].count) }
  }
  return rows.map { row in
    let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
