/// The last rows of a table that `ScalarLog` writes, as many as fit into `size` bytes; of one that is not
/// understood none.
package func readLastScalars(_ path: String, size: Int = 1 << 16) -> [ScalarRow] {
  guard let file = try? OpenFile.reading(path), let end = try? file.size(),
    let bytes = try? file.bytes(at: max(0, end - size), count: min(size, end))
  else { return [] }
  var reader = LineReader(bytes: bytes)
  var rows: [ScalarRow] = []
  while let fields = reader.next() {
    // The first line is the header, or what is left of a row.
    guard fields.count == 4, let iteration = Int(fields[0]), let value = Double(fields[2]),
      let wallSeconds = Double(fields[3]), !rows.isEmpty || reader.line > 2
    else { continue }
    rows.append(
      ScalarRow(iteration: iteration, tag: fields[1], value: value, wallSeconds: wallSeconds))
  }
  return rows
}

/// Reads a table that `ScalarLog` wrote, piece by piece: tables of long runs are large.
///
/// A last line without its end is what a kill leaves behind: it is dropped, because its last
/// number may have lost digits.
///
/// - Parameter isWanted: Which tags' rows to return.
/// - Throws: `RecordError` that names the file, and the line that is not understood.
package func readScalars(
  _ path: String, where isWanted: (_ tag: String) -> Bool = { _ in true }
) throws(RecordError) -> [ScalarRow] {
  let file = try OpenFile.reading(path)
  let size = try file.size()
  guard size > 0 else { throw RecordError(.dataError, path, "is empty") }
  var reader = LineReader(bytes: [])
  var position = 0
  func nextLine() throws(RecordError) -> [String]? {
    while true {
      if let fields = reader.next() { return fields }
      // Lines that are longer than a piece double it, so that they are not searched often.
      let count = min(max(1 << 18, reader.rest), size - position)
      guard count > 0 else { return nil }
      reader.append(try file.bytes(at: position, count: count))
      position += count
    }
  }
  guard let header = try nextLine(), header.joined(separator: ",") == ScalarLog.header else {
    throw RecordError(.dataError, path, "does not start with the line '\(ScalarLog.header)'")
  }
  var rows: [ScalarRow] = []
  while true {
    let line = reader.line
    guard let fields = try nextLine() else { return rows }
    guard fields.count == 4, let iteration = Int(fields[0]), let value = Double(fields[2]),
      let wallSeconds = Double(fields[3])
    else {
      let text = quoted(fields.joined(separator: ","))
      throw RecordError(.dataError, path, "line \(line) is not '\(ScalarLog.header)': \(text)")
    }
    guard isWanted(fields[1]) else { continue }
    rows.append(
      ScalarRow(iteration: iteration, tag: fields[1], value: value, wallSeconds: wallSeconds))
  }
}
