import CZlib

/// Makes a CRC-32, as `gzip` and ZIP files have it, of bytes that come in parts.
package struct Checksum {
  private var value: UInt = 0

  package init() {}

  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    value = crc32_z(value, start.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// Eight hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}

extension ImageDataset {
  /// The CRC-32 of all pixels as they are used, then all labels.
  package var checksum: String {
    var checksum = Checksum()
    switch training.pixels {
    case .bytes(let bytes): bytes.withUnsafeBytes { checksum.add($0) }
    case .floats(let floats): floats.withUnsafeBytes { checksum.add($0) }
    }
    for split in [training, validation] { split.labels.withUnsafeBytes { checksum.add($0) } }
    return checksum.text
  }
}
