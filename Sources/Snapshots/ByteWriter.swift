/// Writes numbers one after the other, little-endian, as ``ByteReader`` reads them: what one process
/// sends to another.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  public mutating func write(_ value: Int) { write(Int64(value)) }

  public mutating func write(_ value: Double) { write(value.bitPattern) }

  /// Numbers and how many there are.
  public mutating func write(_ values: [Float]) {
    write(values.count)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Numbers and how many there are.
  public mutating func write(_ values: [Double]) {
    write(values.count)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Numbers and how many there are.
  public mutating func write(_ values: [Int]) {
    write(values.count)
    for value in values { write(value) }
  }

  /// Bytes and how many there are.
  public mutating func write(_ values: [UInt8]) {
    write(values.count)
    bytes.append(contentsOf: values)
  }

  public mutating func write(_ text: String) { write(Array(text.utf8)) }
}

/// Reads what a ``ByteWriter`` wrote, in the same order.
public struct ByteReader: Sendable {
  /// Fewer bytes were there than what was to be read.
  public struct TooShort: Error, CustomStringConvertible {
    public init() {}

    public var description: String { "a message has fewer bytes than it says" }
  }

  private let bytes: [UInt8]
  private var offset = 0

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all has been read.
  public var isAtEnd: Bool { offset == bytes.count }

  public mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _: Value.Type = Value.self
  ) throws(TooShort) -> Value {
    try Value(littleEndian: numbers(1, placeholder: 0)[0])
  }

  public mutating func readInt() throws(TooShort) -> Int { try Int(read(Int64.self)) }

  public mutating func readDouble() throws(TooShort) -> Double {
    try Double(bitPattern: read(UInt64.self))
  }

  public mutating func readFloats() throws(TooShort) -> [Float] {
    try numbers(count(), placeholder: 0)
  }

  public mutating func readDoubles() throws(TooShort) -> [Double] {
    try numbers(count(), placeholder: 0)
  }

  public mutating func readInts() throws(TooShort) -> [Int] {
    try numbers(count(), placeholder: 0)
  }

  public mutating func readBytes() throws(TooShort) -> [UInt8] {
    try numbers(count(), placeholder: 0)
  }

  public mutating func readText() throws(TooShort) -> String {
    try String(decoding: readBytes(), as: UTF8.self)
  }

  /// How many numbers follow.
  private mutating func count() throws(TooShort) -> Int {
    let count = try readInt()
    guard count >= 0, count <= bytes.count else { throw TooShort() }
    return count
  }

  /// Memory of plain numbers, as it lies on a little-endian machine.
  private mutating func numbers<Value: BitwiseCopyable>(
    _ count: Int, placeholder: Value
  ) throws(TooShort) -> [Value] {
    let size = count * MemoryLayout<Value>.stride
    guard size <= bytes.count - offset else { throw TooShort() }
    var values = [Value](repeating: placeholder, count: count)
    values.withUnsafeMutableBytes { values in
      bytes.withUnsafeBytes { values.copyBytes(from: $0[offset..<offset + size]) }
    }
    offset += size
    return values
  }
}
