/// One line of a table of scalars.
package struct ScalarRow: Hashable, Sendable {
  /// How many updates of θ came before.
  package var iteration: Int
  /// What was measured.
  package var tag: String
  /// Its value; may be infinite or not a number.
  package var value: Double
  /// Seconds since the run began.
  package var wallSeconds: Double

  /// One measurement.
  package init(iteration: Int, tag: String, value: Double, wallSeconds: Double) {
    self.iteration = iteration
    self.tag = tag
    self.value = value
    self.wallSeconds = wallSeconds
  }
}

/// Writes a run's scalars as CSV in long form, a line a measurement, under the header
/// `iteration,tag,value,wall_seconds`.
///
/// Lines are handed to the system as they are added: a kill loses at most those of the last call.
package final class ScalarLog {
  /// The first line.
  package static let header = "iteration,tag,value,wall_seconds"
  private let file: OpenFile

  /// Makes the table; a file that is there already is emptied.
  package init(path: String) throws(RecordError) {
    file = try .replacing(path)
    try write(Self.header)
  }

  /// Goes on with a table of which the first `size` bytes are kept.
  package init(continuing path: String, at size: Int) throws(RecordError) {
    file = try .continuing(path, at: size)
  }

  /// Bytes of the table so far.
  package var size: Int { file.position }

  /// Adds a line; `value` prints as the shortest decimal that reads back as the same `Float`.
  package func append(
    iteration: Int, tag: String, value: Float, wallSeconds: Double
  ) throws(RecordError) {
    try write("\(iteration),\(csvField(tag)),\(value),\(wallSeconds)")
  }

  /// Adds a line; `value` prints as the shortest decimal that reads back as the same `Double`.
  package func append(
    iteration: Int, tag: String, value: Double, wallSeconds: Double
  ) throws(RecordError) {
    try append([
      ScalarRow(iteration: iteration, tag: tag, value: value, wallSeconds: wallSeconds)
    ])
  }

  /// Adds a line a row, all with one write.
  package func append(_ rows: [ScalarRow]) throws(RecordError) {
    var lines = ""
    for row in rows {
      lines += "\(row.iteration),\(csvField(row.tag)),\(number(row.value)),\(row.wallSeconds)\n"
    }
    guard !lines.isEmpty else { return }
    try file.write(lines.utf8.span.bytes)
  }

  /// Waits until all lines are on the disk.
  package func synchronize() throws(RecordError) { try file.synchronize() }

  private func write(_ line: String) throws(RecordError) {
    try file.write((line + "\n").utf8.span.bytes)
  }
}

/// A number as every reader knows it: not a number has no sign.
private func number(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

/// `text` as a field of a CSV line: in quotes where it would otherwise be misread.
package func csvField(_ text: String) -> String {
  guard text.utf8.contains(where: ",\"\r\n".utf8.contains) else { return text }
  let doubled = text.unicodeScalars.reduce(into: "") { result, scalar in
    result.unicodeScalars.append(scalar)
    if scalar == "\"" { result += "\"" }
  }
  return "\"\(doubled)\""
}
