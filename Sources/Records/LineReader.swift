/// Splits CSV into lines of fields; a quoted field may hold commas, quotes and line ends.
struct LineReader {
  let bytes: [UInt8]
  var position = 0
  /// The number of the next line, from 1.
  var line = 1

  /// The fields up to the next line end outside quotes; nil when no such end follows. A line of
  /// more than `limit` fields is left after the first one beyond it.
  mutating func next(limit: Int = .max) -> [String]? {
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
      case UInt8(ascii: ",") where !isQuoted:
        guard fields.count <= limit else {
          return fields.map { String(decoding: $0, as: UTF8.self) }
        }
        fields.append([])
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
