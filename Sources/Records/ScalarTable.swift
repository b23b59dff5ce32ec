/// Reads a table that `ScalarLog` wrote.
///
/// A last line without its end is what a kill leaves behind: it is dropped, because its last
/// number may have lost digits.
///
/// - Throws: `RecordError` that names the file, and the line that is not understood.
public func readScalars(_ path: String) throws(RecordError) -> [ScalarRow] {
  let file = try OpenFile.reading(path)
  let bytes = try file.bytes(at: 0, count: try file.size())
  guard !bytes.isEmpty else { throw RecordError(.dataError, path, "is empty") }
  var reader = LineReader(bytes: bytes)
  guard let header = reader.next(), header.joined(separator: ",") == ScalarLog.header else {
    throw RecordError(.dataError, path, "does not start with the line '\(ScalarLog.header)'")
  }
  var rows: [ScalarRow] = []
  while true {
    let line = reader.line
    guard let fields = reader.next() else { return rows }
    guard fields.count == 4, let iteration = Int(fields[0]), let value = Double(fields[2]),
      let wallSeconds = Double(fields[3])
    else {
      let text = quoted(fields.joined(separator: ","))
      throw RecordError(.dataError, path, "line \(line) is not '\(ScalarLog.header)': \(text)")
    }
    rows.append(
      ScalarRow(iteration: iteration, tag: fields[1], value: value, wallSeconds: wallSeconds))
  }
}

/// Splits CSV into lines of fields; a quoted field may hold commas, quotes and line ends.
private struct LineReader {
  let bytes: [UInt8]
  var position = 0
  /// The number of the next line, from 1.
  var line = 1

  /// The fields up to the next line end outside quotes; nil when no such end follows.
  mutating func next() -> [String]? {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      switch byte {
      case UInt8(ascii: "\""):
        // Inside quotes, two stand for one: the second opens again what the first closed.
        if !isQuoted, position > 1, bytes[position - 2] == byte {
          fields[fields.count - 1].append(byte)
        }
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: fields.append([])
      case UInt8(ascii: "\n") where !isQuoted:
        if fields[fields.count - 1].last == UInt8(ascii: "\r") {
          fields[fields.count - 1].removeLast()
        }
        return fields.map { String(decoding: $0, as: UTF8.self) }
      default: fields[fields.count - 1].append(byte)
      }
    }
    return nil
  }
}
