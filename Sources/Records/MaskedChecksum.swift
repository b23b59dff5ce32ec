/// CRC-32C (Castagnoli's polynomial) of `bytes`, masked as event files store it, so that a
/// checksum over checksums stays a good one.
func maskedChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
  let sum = ~bytes.reduce(~UInt32(0)) { sum, byte in
    table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
  }
  return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
}

/// The effect of each byte: eight steps of the division, lowest bit first.
private let table: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
}
