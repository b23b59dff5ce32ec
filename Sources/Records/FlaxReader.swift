import Parameters

/// Reads what `flax.serialization.to_bytes` makes of nested dictionaries of arrays.
///
/// The file is a map of names to maps or to arrays; an array is an extension of type 1 whose
/// body is the MessagePack of [shape, dtype, values]. Names are joined by "/". A large array is a
/// map of its shape and its pieces, both maps of "0", "1", and so on.
struct FlaxReader {
  private let path: String
  private let bytes: UnsafeRawBufferPointer
  private var arrays: [StoredArray] = []
  private var values: [Float] = []

  /// An array's type of extension; flax has others for complex numbers and NumPy's scalars.
  static let arrayType = 1
  /// The key that tells a map of pieces.
  private static let piecesMark = "__msgpack_chunked_array__"

  static func read(_ file: OpenFile) throws(RecordError) -> LoadedTheta {
    let bytes = try file.contents(limit: ThetaFormat.largestFile)
    let (arrays, values) = try bytes.span.bytes.withUnsafeBytes {
      (bytes) throws(RecordError) -> ([StoredArray], [Float]) in
      var reader = FlaxReader(path: file.path, bytes: bytes)
      try reader.readFile()
      return (reader.arrays, reader.values)
    }
    return try LoadedTheta(path: file.path, format: .flax, arrays: arrays, values: values)
  }

  private init(path: String, bytes: UnsafeRawBufferPointer) {
    self.path = path
    self.bytes = bytes
  }

  private mutating func readFile() throws(RecordError) {
    // A leaf is announced as a key and a value, and each of its groups likewise.
    let root = try value(bytes.indices, mostValues: 20 * ThetaFormat.mostLeaves)
    guard case .map = root else { throw invalid("holds no map of leaves") }
    try collect(root, [])
  }

  /// Adds the arrays below `value`, which is called `names`.
  private mutating func collect(
    _ value: MessagePackValue, _ names: [String]
  ) throws(RecordError) {
    switch value {
    case .map(let pairs):
      let members = try members(pairs, of: names)
      if members.contains(where: { $0.name == Self.piecesMark }) {
        let name = names.joined(separator: "/")
        return try append(joinedPieces(members, called: name), called: name)
      }
      for (name, value) in members { try collect(value, names + [name]) }
    case .extension(Self.arrayType, let body):
      let name = names.joined(separator: "/")
      try append(array(body, called: name), called: name)
    case .extension(let type, _):
      throw invalid(
        "leaf \(quoted(names.joined(separator: "/"))) has extension type \(type), not "
          + "\(Self.arrayType), an array's")
    default: throw invalid("leaf \(quoted(names.joined(separator: "/"))) is no array")
    }
  }

  private mutating func append(
    _ array: (shape: [Int], values: [Float]), called name: String
  ) throws(RecordError) {
    guard arrays.count < ThetaFormat.mostLeaves else {
      throw invalid("holds more than \(ThetaFormat.mostLeaves) leaves")
    }
    arrays.append(StoredArray(name: name, shape: array.shape, start: values.count))
    values += array.values
  }

  /// The values of a map below `names`, by their keys, which differ.
  private func members(
    _ pairs: [(key: MessagePackValue, value: MessagePackValue)], of names: [String]
  ) throws(RecordError) -> [(name: String, value: MessagePackValue)] {
    var keys = Set<String>()
    var members: [(name: String, value: MessagePackValue)] = []
    for (key, value) in pairs {
      let name = try text(key, "a name")
      guard keys.insert(name).inserted else {
        throw invalid("\(quoted((names + [name]).joined(separator: "/"))) occurs twice")
      }
      members.append((name, value))
    }
    return members
  }

  /// The array that flax cut into pieces.
  private func joinedPieces(
    _ members: [(name: String, value: MessagePackValue)], called name: String
  ) throws(RecordError) -> (shape: [Int], values: [Float]) {
    func list(_ key: String) throws(RecordError) -> [MessagePackValue] {
      guard case .map(let pairs) = members.first(where: { $0.name == key })?.value else {
        throw invalid("leaf \(quoted(name)) is an array in pieces without \(quoted(key))")
      }
      let items = try self.members(pairs, of: [name, key])
      let byName = Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value) })
      return (0..<items.count).compactMap { byName["\($0)"] }
    }
    let shape = try shape(of: list("shape"), called: name)
    var values: [Float] = []
    for piece in try list("chunks") {
      guard case .extension(Self.arrayType, let body) = piece else {
        throw invalid("leaf \(quoted(name)) has a piece that is no array")
      }
      values += try array(body, called: name).values
    }
    guard byteCount(of: shape, size: 1) == values.count else {
      throw invalid(
        "leaf \(quoted(name)) has \(values.count) values in its pieces; its shape is \(shape)")
    }
    return (shape, values)
  }

  private func shape(
    of axes: [MessagePackValue], called name: String
  ) throws(RecordError) -> [Int] {
    var shape: [Int] = []
    for axis in axes {
      guard case .integer(let size) = axis else {
        throw invalid("leaf \(quoted(name)) has an axis that is no size")
      }
      guard let size = Int(exactly: size) else {
        throw invalid("leaf \(quoted(name)) has too large a shape")
      }
      shape.append(size)
    }
    return shape
  }

  private func array(
    _ body: Range<Int>, called name: String
  ) throws(RecordError) -> (shape: [Int], values: [Float]) {
    func bad(_ cause: String) -> RecordError { invalid("leaf \(quoted(name)) \(cause)") }

    guard case .array(let parts) = try value(body, mostValues: 3 + ThetaFormat.mostAxes),
      parts.count == 3, case .array(let axes) = parts[0], case .bytes(let values) = parts[2]
    else { throw bad("is not a shape, a type and values") }
    let type = try text(parts[1], "a type")
    guard let element = ElementType(rawValue: type) else {
      throw bad("has type \(quoted(type)): \(ElementType.choices)")
    }
    let shape = try shape(of: axes, called: name)
    guard let count = byteCount(of: shape, size: element.size) else {
      throw bad("has too large a shape")
    }
    guard count == values.count else {
      throw bad("has \(values.count) bytes where its shape asks for \(count)")
    }
    return (shape, element.floats(UnsafeRawBufferPointer(rebasing: bytes[values])))
  }

  private func value(
    _ range: Range<Int>, mostValues: Int
  ) throws(RecordError) -> MessagePackValue {
    do throws(MessagePackValue.Failure) {
      return try MessagePackValue(bytes, range, mostValues: mostValues)
    } catch {
      throw invalid("\(error.cause), at byte \(error.position)")
    }
  }

  private func text(_ value: MessagePackValue, _ what: String) throws(RecordError) -> String {
    guard case .text(let range) = value else { throw invalid("\(what) is no string") }
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw invalid("\(what) is not UTF-8")
    }
    return text
  }

  private func invalid(_ cause: String) -> RecordError { RecordError(.dataError, path, cause) }
}
