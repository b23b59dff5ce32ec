import Foundation
import Records

/// Writes a run's numbers to TensorBoard's event file and to `scalars.csv`.
final class RunLog {
  private let events: EventFileWriter
  private let table: ScalarLog
  /// The files, which were made for it.
  let paths: [String]
  private let started: ContinuousClock.Instant

  /// Where the logs end: the event file's name and both files' bytes.
  struct Position: Codable, Hashable {
    var events = ""
    var eventBytes = 0
    var tableBytes = 0
  }

  /// Makes the files; TensorBoard's begins with what run it is.
  init(_ folder: RunFolder, settings: RunSettings, of application: any Application.Type) throws {
    events = try EventFileWriter(folder: folder.path)
    do {
      try events.describe(
        settings.hyperparameters(of: application), metric: application.headline.tag,
        text: ("settings", "```json\n\(String(decoding: json(settings), as: UTF8.self))\n```"),
        wallTime: Date().timeIntervalSince1970)
      try events.flush()
      table = try ScalarLog(path: folder.scalarsPath)
    } catch {
      unlink(events.path)
      throw error
    }
    paths = [events.path, folder.scalarsPath]
    started = .now
  }

  /// Goes on with files of which what follows `position` is cut off.
  ///
  /// - Parameter seconds: Wall seconds of the run until then.
  init(_ folder: RunFolder, at position: Position, seconds: Double) throws {
    let path = "\(folder.path)/\(position.events)"
    events = try EventFileWriter(continuing: path, at: position.eventBytes)
    table = try ScalarLog(continuing: folder.scalarsPath, at: position.tableBytes)
    paths = [events.path, folder.scalarsPath]
    started = .now - .seconds(seconds)
  }

  /// Where the files end.
  var position: Position {
    Position(
      events: events.path.split(separator: "/").last.map(String.init) ?? "",
      eventBytes: events.size, tableBytes: table.size)
  }

  /// Waits until all numbers are on the disk.
  func synchronize() throws {
    try events.synchronize()
    try table.synchronize()
  }

  /// Wall seconds of the run.
  var wallSeconds: Double { (ContinuousClock.now - started).seconds }

  /// Hands an iteration's scalars to the system, with one write a file: a kill loses at most them.
  func write(_ scalars: [Scalar], iteration: Int) throws {
    let wallSeconds = wallSeconds
    let wallTime = Date().timeIntervalSince1970
    try events.scalars(
      scalars.map { ($0.tag, Float($0.value)) }, step: iteration, wallTime: wallTime)
    try events.flush()
    try table.append(
      scalars.map {
        ScalarRow(iteration: iteration, tag: $0.tag, value: $0.value, wallSeconds: wallSeconds)
      })
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
