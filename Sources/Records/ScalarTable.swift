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
