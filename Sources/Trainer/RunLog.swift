import Foundation
import Records

/// Writes a run's numbers to TensorBoard's event file and to `scalars.csv`.
final class RunLog {
  private let events: EventFileWriter
  private let table: ScalarLog
  /// The files, which were made for it.
  let paths: [String]
  private let started = ContinuousClock.now

  init(_ folder: RunFolder) throws {
    events = try EventFileWriter(folder: folder.path)
    do {
      table = try ScalarLog(path: folder.scalarsPath)
    } catch {
      unlink(events.path)
      throw error
    }
    paths = [events.path, folder.scalarsPath]
  }

  /// Waits until all numbers are on the disk.
  func synchronize() throws {
    try events.synchronize()
    try table.synchronize()
  }

  /// Seconds since the log was opened.
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
