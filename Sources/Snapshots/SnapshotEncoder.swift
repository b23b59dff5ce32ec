/// Gathers what encoders meet: numbers by the path that led to them.
final class SnapshotRecorder {
  private var leaves: [String: Snapshot.Leaf] = [:]
  private var counts: [String: [Snapshot.Run]] = [:]
  private var texts: [String: [String]] = [:]

  var snapshot: Snapshot {
    Snapshot(leaves: Array(leaves.values), counts: counts, texts: texts)
  }

  func record<Number: SnapshotNumber>(_ number: Number, at path: String) throws {
    try record(CollectionOfOne(number), at: path)
  }

  func record<Number: SnapshotNumber>(
    _ numbers: some Collection<Number>, at path: String
  ) throws {
    var leaf =
      leaves.removeValue(forKey: path)
      ?? Snapshot.Leaf(name: path, type: Number.snapshotType, bytes: [])
    guard leaf.type == Number.snapshotType else { throw invalid(path, "numbers of two types") }
    let isWhole: Void? = numbers.withContiguousStorageIfAvailable { numbers in
      leaf.bytes.append(contentsOf: UnsafeRawBufferPointer(numbers))
    }
    if isWhole == nil {
      for number in numbers { withUnsafeBytes(of: number) { leaf.bytes.append(contentsOf: $0) } }
    }
    leaves[path] = leaf
  }

  func record(_ text: String, at path: String) { texts[path, default: []].append(text) }

  /// Notes the length of an array.
  func record(count: Int, at path: String) {
    var runs = counts.removeValue(forKey: path) ?? []
    if let last = runs.last, last.value == count {
      runs[runs.count - 1].times += 1
    } else {
      runs.append(Snapshot.Run(value: count, times: 1))
    }
    counts[path] = runs
  }

  func invalid(_ path: String, _ what: String) -> EncodingError {
    .invalidValue(
      path, .init(codingPath: [], debugDescription: "a snapshot has no place for \(what)"))
  }
}

/// Writes a value at a path.
struct SnapshotEncoder: Encoder, SingleValueEncodingContainer {
  let recorder: SnapshotRecorder
  let path: String

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(SnapshotKeyedEncoder<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { SnapshotArrayEncoder(encoder: self) }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func inside(_ name: String) -> SnapshotEncoder {
    SnapshotEncoder(recorder: recorder, path: path.isEmpty ? name : path + "/" + name)
  }

  func encodeNil() throws { throw recorder.invalid(path, "nothing") }

  func encode<Value: Encodable>(_ value: Value) throws {
    switch value {
    case is any AnyDictionary: throw recorder.invalid(path, "a dictionary")
    case let number as any SnapshotNumber: try recorder.record(number, at: path)
    case let text as String: recorder.record(text, at: path)
    // By the static type: an empty array is one of any numbers.
    case let numbers as [Float] where Value.self == [Float].self: try encode(numbers: numbers)
    case let numbers as [Double] where Value.self == [Double].self: try encode(numbers: numbers)
    case let numbers as [Int] where Value.self == [Int].self: try encode(numbers: numbers)
    case let number as any FixedWidthInteger: try encode(integer: number)
    default: try value.encode(to: self)
    }
  }

  private func encode(numbers: [some SnapshotNumber]) throws {
    recorder.record(count: numbers.count, at: path)
    try recorder.record(numbers, at: path)
  }

  private func encode(integer: some FixedWidthInteger) throws {
    guard let number = Int(exactly: integer) else { throw recorder.invalid(path, "\(integer)") }
    try recorder.record(number, at: path)
  }
}

private struct SnapshotKeyedEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: SnapshotEncoder
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) throws { try encoder.inside(key.stringValue).encodeNil() }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encoder.inside(key.stringValue).encode(value)
  }

  /// What may be missing is an array of one or none.
  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    let place = encoder.inside(key.stringValue)
    encoder.recorder.record(count: value == nil ? 0 : 1, at: place.path + "?")
    if let value { try place.encode(value) }
  }

  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    encoder.inside(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder.inside(key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder.inside("super") }
  func superEncoder(forKey key: Key) -> any Encoder { encoder.inside(key.stringValue) }
}

/// Writes elements one after the other, and how many they were when the last is there.
private final class SnapshotArrayEncoder: UnkeyedEncodingContainer {
  let encoder: SnapshotEncoder
  private(set) var count = 0
  var codingPath: [any CodingKey] { [] }

  init(encoder: SnapshotEncoder) { self.encoder = encoder }

  // The container has no other end: it lives as long as elements are added.
  deinit { encoder.recorder.record(count: count, at: encoder.path) }

  func encodeNil() throws { try encoder.encodeNil() }

  func encode<Value: Encodable>(_ value: Value) throws {
    count += 1
    try element.encode(value)
  }

  private var element: SnapshotEncoder { encoder.inside("*") }

  func nestedContainer<Nested>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    count += 1
    return element.container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    count += 1
    return element.unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    count += 1
    return element
  }
}

/// A dictionary of any types, whose keys are no properties.
private protocol AnyDictionary {}
extension Dictionary: AnyDictionary {}
