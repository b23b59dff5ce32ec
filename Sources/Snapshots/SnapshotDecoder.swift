/// Hands out what a snapshot holds at each path, in the order in which it was written.
final class SnapshotSource {
  private var leaves: [String: (leaf: Snapshot.Leaf, next: Int)]
  private var counts: [String: (runs: [Snapshot.Run], run: Int, used: Int)]
  private var texts: [String: (texts: [String], next: Int)]

  init(_ snapshot: Snapshot) {
    leaves = Dictionary(snapshot.leaves.map { ($0.name, ($0, 0)) }) { first, _ in first }
    counts = snapshot.counts.mapValues { ($0, 0, 0) }
    texts = snapshot.texts.mapValues { ($0, 0) }
  }

  func missing(_ path: String, _ what: String) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: [], debugDescription: "the snapshot has no more \(what) at \(path)"))
  }

  func numbers<Number: SnapshotNumber>(_ count: Int, at path: String) throws -> [Number] {
    guard count > 0 else { return [] }
    let size = Number.snapshotType.size
    guard let place = leaves[path], place.leaf.type == Number.snapshotType,
      count <= (place.leaf.bytes.count - place.next) / size
    else { throw missing(path, "numbers of \(Number.snapshotType.rawValue)") }
    let bytes = place.next..<place.next + count * size
    leaves[path]?.next = bytes.upperBound
    if Number.self == Bool.self, place.leaf.bytes[bytes].contains(where: { $0 > 1 }) {
      throw missing(path, "truths")
    }
    return place.leaf.bytes.withUnsafeBytes { all in
      [Number](unsafeUninitializedCapacity: count) { numbers, initialized in
        UnsafeMutableRawBufferPointer(numbers).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: all[bytes]))
        initialized = count
      }
    }
  }

  func number<Number: SnapshotNumber>(at path: String) throws -> Number {
    try numbers(1, at: path)[0]
  }

  func count(at path: String) throws -> Int {
    guard var place = counts[path], place.run < place.runs.count else {
      throw missing(path, "arrays")
    }
    let run = place.runs[place.run]
    place.used += 1
    if place.used >= run.times { (place.run, place.used) = (place.run + 1, 0) }
    counts[path] = place
    guard run.value >= 0 else { throw missing(path, "arrays") }
    return run.value
  }

  /// Whether what may be missing at a path is there.
  func hasNext(_ path: String) -> Bool {
    if counts[path + "?"] != nil { return (try? count(at: path + "?")) == 1 }
    let names = [Array(leaves.keys), Array(counts.keys), Array(texts.keys)].joined()
    return names.contains { $0 == path || $0.hasPrefix(path + "/") }
  }

  func text(at path: String) throws -> String {
    guard let place = texts[path], place.next < place.texts.count else {
      throw missing(path, "texts")
    }
    texts[path]?.next += 1
    return place.texts[place.next]
  }
}

/// Reads a value at a path.
struct SnapshotDecoder: Decoder, SingleValueDecodingContainer {
  let source: SnapshotSource
  let path: String

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(SnapshotKeyedDecoder<Key>(decoder: self))
  }

  /// More elements than this are not believed: some hold no numbers that could run out.
  private static let mostElements = 1 << 24

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let count = try source.count(at: path)
    guard count <= Self.mostElements else { throw source.missing(path, "than \(count) elements") }
    return SnapshotArrayDecoder(decoder: self, count: count)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func inside(_ name: String) -> SnapshotDecoder {
    SnapshotDecoder(source: source, path: path.isEmpty ? name : path + "/" + name)
  }

  func decodeNil() -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value: Any? =
      switch type {
      case let type as any SnapshotNumber.Type: try number(type)
      case is String.Type: try source.text(at: path)
      case is [Float].Type: try numbers() as [Float]
      case is [Double].Type: try numbers() as [Double]
      case is [Int].Type: try numbers() as [Int]
      case let type as any FixedWidthInteger.Type: try integer(type)
      default: nil
      }
    if let value = value as? Value { return value }
    return try Value(from: self)
  }

  private func number<Number: SnapshotNumber>(_ type: Number.Type) throws -> Number {
    try source.number(at: path)
  }

  private func numbers<Number: SnapshotNumber>() throws -> [Number] {
    try source.numbers(source.count(at: path), at: path)
  }

  private func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
    let number: Int = try source.number(at: path)
    guard let integer = Integer(exactly: number) else {
      throw source.missing(path, "numbers that \(type) can hold")
    }
    return integer
  }
}

private struct SnapshotKeyedDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: SnapshotDecoder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { decoder.source.hasNext(decoder.inside(key.stringValue).path) }

  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder.inside(key.stringValue).decode(type)
  }

  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedDecodingContainer<Nested> {
    decoder.inside(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder.inside(key.stringValue).unkeyedContainer()
  }

  func superDecoder() -> any Decoder { decoder.inside("super") }
  func superDecoder(forKey key: Key) -> any Decoder { decoder.inside(key.stringValue) }
}

private struct SnapshotArrayDecoder: UnkeyedDecodingContainer {
  let decoder: SnapshotDecoder
  let count: Int?
  private(set) var currentIndex = 0

  init(decoder: SnapshotDecoder, count: Int) {
    self.decoder = decoder
    self.count = count
  }

  var codingPath: [any CodingKey] { [] }
  var isAtEnd: Bool { currentIndex >= count ?? 0 }

  private mutating func next() throws -> SnapshotDecoder {
    guard !isAtEnd else { throw decoder.source.missing(decoder.path, "elements") }
    currentIndex += 1
    return decoder.inside("*")
  }

  mutating func decodeNil() -> Bool { false }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }

  mutating func nestedContainer<Nested>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try next().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }
}
