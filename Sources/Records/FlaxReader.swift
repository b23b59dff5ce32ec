import Parameters

/// Reads what `flax.serialization.to_bytes` makes of nested dictionaries of float32 arrays.
///
/// The file is a map of names to maps or to arrays; an array is an extension of type 1 whose
/// body is the MessagePack of [shape, dtype, values]. Names are joined by "/".
struct FlaxReader {
  private let path: String
  private let bytes: UnsafeRawBufferPointer
  private var arrays: [StoredArray] = []

  /// An array's type of extension; flax has others for complex numbers and NumPy's scalars.
  static let arrayType = 1

  static func read(_ file: OpenFile) throws(RecordError) -> LoadedTheta {
    let bytes = try file.contents(limit: ThetaFormat.largestFile)
    let arrays = try bytes.span.bytes.withUnsafeBytes {
      (bytes) throws(RecordError) -> [StoredArray] in
      var reader = FlaxReader(path: file.path, bytes: bytes)
      try reader.readFile()
      return reader.arrays
    }
    return try LoadedTheta(path: file.path, format: .flax, arrays: arrays, bytes: bytes)
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
      var keys = Set<String>()
      for (key, value) in pairs {
        let name = try text(key, "a name")
        guard keys.insert(name).inserted else {
          throw invalid("\(quoted((names + [name]).joined(separator: "/"))) occurs twice")
        }
        try collect(value, names + [name])
      }
    case .extension(Self.arrayType, let body):
      guard arrays.count < ThetaFormat.mostLeaves else {
        throw invalid("holds more than \(ThetaFormat.mostLeaves) leaves")
      }
      arrays.append(try array(body, called: names.joined(separator: "/")))
    case .extension(let type, _):
      throw invalid(
        "leaf \(quoted(names.joined(separator: "/"))) has extension type \(type), not "
          + "\(Self.arrayType), an array's")
    default: throw invalid("leaf \(quoted(names.joined(separator: "/"))) is no array")
    }
  }

  private func array(
    _ body: Range<Int>, called name: String
  ) throws(RecordError) -> StoredArray {
    func bad(_ cause: String) -> RecordError { invalid("leaf \(quoted(name)) \(cause)") }

    guard case .array(let parts) = try value(body, mostValues: 3 + ThetaFormat.mostAxes),
      parts.count == 3, case .array(let axes) = parts[0], case .bytes(let values) = parts[2]
    else { throw bad("is not a shape, a type and values") }
    let type = try text(parts[1], "a type")
    guard type == "float32" else { throw bad("has type \(quoted(type)), not 'float32'") }
    var shape: [Int] = []
    for axis in axes {
      guard case .integer(let size) = axis else { throw bad("has an axis that is no size") }
      guard let size = Int(exactly: size) else { throw bad("has too large a shape") }
      shape.append(size)
    }
    guard let count = byteCount(of: shape) else { throw bad("has too large a shape") }
    guard count == values.count else {
      throw bad("has \(values.count) bytes where its shape asks for \(count)")
    }
    return StoredArray(name: name, shape: shape, start: values.lowerBound)
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
