/// One tensor as a safetensors header describes it.
struct TensorEntry: Hashable, Sendable {
  var name: String
  var type: String
  var shape: [Int]
  /// Where its values lie, in bytes after the header.
  var begin: Int
  var end: Int
}

/// Reads the JSON of a safetensors header: an object of tensors, and of one map of strings.
///
/// A parser of its own, because a general one keeps silent about names that occur twice, rounds
/// integers, and follows nested values as deep as a hostile file takes it; this one knows three
/// levels and no recursion.
struct HeaderParser {
  /// Why a header is not understood, and where.
  struct Failure: Error {
    var cause: String
    var position: Int
  }

  private(set) var tensors: [TensorEntry] = []
  var metadata: [String: String] = [:]
  private let text: [UInt8]
  private var position = 0

  /// Parses `text`, which must be one JSON object and spaces.
  init(_ text: [UInt8]) throws(Failure) {
    self.text = text
    var names = Set<String>()
    try members { (parser, name) throws(Failure) in
      guard names.insert(name).inserted else {
        throw parser.failure("\(quoted(name)) occurs twice")
      }
      if name == "__metadata__" {
        if !parser.acceptNull() { try parser.parseMetadata() }
      } else {
        parser.tensors.append(try parser.tensor(called: name))
      }
    }
    skipSpace()
    guard position == text.count else { throw failure("something follows the header's '}'") }
  }

  private mutating func parseMetadata() throws(Failure) {
    try members { (parser, key) throws(Failure) in
      guard parser.metadata.updateValue(try parser.string(), forKey: key) == nil else {
        throw parser.failure("__metadata__ has \(quoted(key)) twice")
      }
    }
  }

  private mutating func tensor(called name: String) throws(Failure) -> TensorEntry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try members { (parser, key) throws(Failure) in
      let isNew: Bool
      switch key {
      case "dtype":
        isNew = type == nil
        type = try parser.string()
      case "shape":
        isNew = shape == nil
        shape = try parser.integers()
      case "data_offsets":
        isNew = offsets == nil
        offsets = try parser.integers()
      default: throw parser.failure("tensor \(quoted(name)) has an unknown field \(quoted(key))")
      }
      guard isNew else { throw parser.failure("tensor \(quoted(name)) has '\(key)' twice") }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw failure("tensor \(quoted(name)) needs a dtype, a shape and two data_offsets")
    }
    return TensorEntry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  // MARK: JSON

  /// An object; `body` parses the value of each key.
  private mutating func members(
    _ body: (inout HeaderParser, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try body(&self, key)
    } while accept(",")
    try expect("}")
  }

  /// An array of integers ≥ 0.
  private mutating func integers() throws(Failure) -> [Int] {
    try expect("[")
    var values: [Int] = []
    if accept("]") { return values }
    repeat {
      skipSpace()
      let start = position
      while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position])
      {
        position += 1
      }
      let digits = String(decoding: text[start..<position], as: UTF8.self)
      guard !digits.isEmpty, digits == "0" || !digits.hasPrefix("0") else {
        throw failure("an integer ≥ 0 was expected")
      }
      guard let value = Int(digits) else { throw failure("an integer is too large") }
      values.append(value)
    } while accept(",")
    try expect("]")
    return values
  }

  private mutating func string() throws(Failure) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: bytes, as: UTF8.self) else {
          throw failure("a name is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): bytes += try escapedCharacter().utf8
      case 0..<0x20: throw failure("a name holds a control character")
      default: bytes.append(byte)
      }
    }
    throw failure("a name does not end")
  }

  /// What follows a backslash.
  private mutating func escapedCharacter() throws(Failure) -> String {
    guard position < text.count else { throw failure("a name does not end") }
    position += 1
    switch text[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), text[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try codeUnit())
      }
      guard let character = String(validating: units, as: UTF16.self) else {
        throw failure("half a surrogate pair")
      }
      return character
    default: throw failure("an unknown escape")
    }
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit() throws(Failure) -> UInt16 {
    let digits = text[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits were expected") }
    position += 4
    return unit
  }

  private mutating func acceptNull() -> Bool {
    skipSpace()
    guard text[position...].starts(with: "null".utf8) else { return false }
    position += 4
    return true
  }

  private mutating func accept(_ character: UnicodeScalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: UnicodeScalar) throws(Failure) {
    guard accept(character) else { throw failure("'\(character)' was expected") }
  }

  private mutating func skipSpace() {
    while position < text.count, " \n\r\t".utf8.contains(text[position]) { position += 1 }
  }

  private func failure(_ cause: String) -> Failure { Failure(cause: cause, position: position) }
}
