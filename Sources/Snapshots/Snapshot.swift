/// A value written out as named arrays of numbers and a little structure beside them.
///
/// What makes up many structs of one kind lies together: of an array of states, each property is one
/// array (`blocks/*/states/*/physics`, a row a state). It is exact, and fast for large arrays.
public struct Snapshot: Hashable, Sendable {
  /// An array of numbers.
  public struct Leaf: Hashable, Sendable {
    /// The names of the properties on the way to it, between slashes; `*` for an array's elements.
    public var name: String
    public var type: NumberType
    /// The numbers, one after the other, little-endian.
    public var bytes: [UInt8]

    public init(name: String, type: NumberType, bytes: [UInt8]) {
      self.name = name
      self.type = type
      self.bytes = bytes
    }

    /// How many numbers there are.
    public var count: Int { bytes.count / type.size }
  }

  /// What a leaf's numbers are, by the names of safetensors.
  public enum NumberType: String, Hashable, Sendable, CaseIterable {
    case float32 = "F32"
    case float64 = "F64"
    case int64 = "I64"
    case uint32 = "U32"
    case uint64 = "U64"
    case bool = "BOOL"

    /// Bytes of a number.
    public var size: Int {
      switch self {
      case .float32, .uint32: 4
      case .float64, .int64, .uint64: 8
      case .bool: 1
      }
    }
  }

  /// Equal numbers one after the other.
  public struct Run: Hashable, Sendable, Codable {
    public var value: Int
    public var times: Int

    public init(value: Int, times: Int) {
      self.value = value
      self.times = times
    }

    public init(from decoder: any Decoder) throws {
      var numbers = try decoder.unkeyedContainer()
      value = try numbers.decode(Int.self)
      times = try numbers.decode(Int.self)
    }

    public func encode(to encoder: any Encoder) throws {
      var numbers = encoder.unkeyedContainer()
      try numbers.encode(value)
      try numbers.encode(times)
    }
  }

  /// Sorted by name.
  public internal(set) var leaves: [Leaf]
  /// The lengths of the arrays that were met under a name, in their order.
  public internal(set) var counts: [String: [Run]]
  /// The texts that were met under a name.
  public internal(set) var texts: [String: [String]]

  public init(leaves: [Leaf], counts: [String: [Run]], texts: [String: [String]]) {
    self.leaves = leaves.sorted { $0.name < $1.name }
    self.counts = counts
    self.texts = texts
  }

  /// Writes a value out.
  ///
  /// - Throws: `EncodingError` for what has no place here: enumerations with associated values,
  ///   dictionaries, classes that encode a parent.
  public init(of value: some Encodable) throws {
    let recorder = SnapshotRecorder()
    try value.encode(to: SnapshotEncoder(recorder: recorder, path: ""))
    self = recorder.snapshot
  }

  /// Reads the value back.
  ///
  /// - Throws: `DecodingError` where it is another value's snapshot.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try Value(from: SnapshotDecoder(source: SnapshotSource(self), path: ""))
  }

  /// The leaf called `name`, if there is one.
  public func leaf(_ name: String) -> Leaf? { leaves.first { $0.name == name } }

  /// The shape of a leaf: rows of equally long arrays where they are, else one axis.
  public func shape(of leaf: Leaf) -> [Int] {
    guard let runs = counts[leaf.name], runs.count == 1, let run = runs.first,
      run.value > 0, run.times > 0, leaf.count.isMultiple(of: run.value),
      leaf.count / run.value == run.times
    else { return [leaf.count] }
    return run.times == 1 ? [run.value] : [run.times, run.value]
  }
}
