/// The start of a `.npy` file: a magic word, a version, a length, and a Python dictionary.
struct NumPyHeader {
  var type: String
  var isFortranOrder: Bool
  var shape: [Int]

  /// What a file begins with; the version's two bytes follow.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// A dictionary longer than this is not believed; NumPy itself refuses it.
  static let longest = 10_000

  /// Why a header is not understood.
  struct Failure: Error { var cause: String }

  /// The bytes before the values of a C-ordered float32 array, a multiple of 64.
  static func encoded(shape: [Int]) -> [UInt8] {
    let axes = shape.map { "\($0), " }.joined()
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(axes)), }"
    let start = magic.count + 4
    text += String(repeating: " ", count: 63 - (start + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// What the numbers are, and whether their highest byte comes first; nil for any other type.
  var element: (type: ElementType, isBigEndian: Bool)? {
    guard let order = type.first, "<>".contains(order) else { return nil }
    let element: ElementType? =
      switch type.dropFirst() {
      case "f2": .float16
      case "f4": .float32
      case "f8": .float64
      default: nil
      }
    return element.map { ($0, order == ">") }
  }

  /// Parses the dictionary.
  init(_ text: [UInt8]) throws(Failure) {
    var parser = Parser(text: text)
    (type, isFortranOrder, shape) = try parser.dictionary()
  }
}

/// Reads the one form of Python literal that NumPy writes, with spaces where it likes.
private struct Parser {
  typealias Failure = NumPyHeader.Failure
  let text: [UInt8]
  var position = 0

  mutating func dictionary() throws(Failure) -> (String, Bool, [Int]) {
    var type: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !accept("}") {
      let key = try string()
      try expect(":")
      let isNew: Bool
      switch key {
      case "descr":
        isNew = type == nil
        guard !accept("[") else { throw Failure(cause: "has a type of several fields") }
        type = try string()
      case "fortran_order":
        isNew = isFortranOrder == nil
        isFortranOrder = try boolean()
      case "shape":
        isNew = shape == nil
        shape = try integers()
      default: throw Failure(cause: "has a bad header: unknown key \(quoted(key))")
      }
      guard isNew else { throw Failure(cause: "has a bad header: '\(key)' occurs twice") }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count else { throw Failure(cause: "has a bad header: it goes on") }
    guard let type, let isFortranOrder, let shape else {
      throw Failure(cause: "has a bad header: descr, fortran_order and shape were expected")
    }
    return (type, isFortranOrder, shape)
  }

  private mutating func string() throws(Failure) -> String {
    skipSpace()
    let mark: UnicodeScalar = accept("\"") ? "\"" : "'"
    if mark == "'" { try expect("'") }
    let start = position
    while position < text.count, text[position] != UInt8(ascii: mark) { position += 1 }
    guard position < text.count else { throw Failure(cause: "has a bad header: a text is open") }
    position += 1
    return String(decoding: text[start..<position - 1], as: UTF8.self)
  }

  private mutating func boolean() throws(Failure) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw Failure(cause: "has a bad header: True or False was expected")
  }

  /// A tuple of integers ≥ 0.
  private mutating func integers() throws(Failure) -> [Int] {
    try expect("(")
    var values: [Int] = []
    while !accept(")") {
      skipSpace()
      let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      position += digits.count
      guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
        throw Failure(cause: "has a bad header: an axis is no size")
      }
      values.append(value)
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return values
  }

  private mutating func accept(_ character: UnicodeScalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: UnicodeScalar) throws(Failure) {
    guard accept(character) else {
      throw Failure(cause: "has a bad header: '\(character)' was expected")
    }
  }

  private mutating func skipSpace() {
    while position < text.count, " \n\r\t".utf8.contains(text[position]) { position += 1 }
  }
}
