/// Splits CSV into lines of fields; a quoted field may hold commas, quotes and line ends.
struct LineReader {
  private var bytes: [UInt8]
  private var position = 0
  /// The number of the next line, from 1.
  private(set) var line = 1

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left to read.
  var rest: Int { bytes.count - position }

  /// Adds bytes at the end; those that were read are let go.
  mutating func append(_ more: [UInt8]) {
    bytes.removeFirst(position)
    bytes += more
    position = 0
  }

  /// The fields up to the next line end outside quotes; nil, and nothing is read, when no such end
  /// follows. A line of
  /// more than `limit` fields is left after the first one beyond it.
  mutating func next(limit: Int = .max) -> [String]? {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    let start = (position, line)
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
    (position, line) = start
    return nil
  }
}
