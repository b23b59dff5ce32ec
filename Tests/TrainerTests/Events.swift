import Foundation

/// Scalars of a TensorBoard event file, read by the format's definition.
enum Events {
  struct Scalar: Hashable {
    var step: Int
    var tag: String
    var value: Float
  }

  static func scalars(in path: String) throws -> [Scalar] {
    var rest = try Data(contentsOf: URL(filePath: path))[...]
    var scalars: [Scalar] = []
    while !rest.isEmpty {
      let length = Int(number(rest.prefix(8)))
      let fields = fields(of: rest.dropFirst(12).prefix(length))
      let step = fields.first { $0.number == 2 }?.value ?? 0
      for summary in fields where summary.number == 5 {
        for entry in Self.fields(of: summary.bytes) where entry.number == 1 {
          let parts = Self.fields(of: entry.bytes)
          guard let tag = parts.first(where: { $0.number == 1 }),
            let value = parts.first(where: { $0.number == 2 })
          else { continue }
          scalars.append(
            Scalar(
              step: Int(step), tag: String(decoding: tag.bytes, as: UTF8.self),
              value: Float(bitPattern: UInt32(value.value))))
        }
      }
      rest = rest.dropFirst(length + 16)
    }
    return scalars
  }

  private struct Field {
    var number: Int
    var value: UInt64 = 0
    var bytes = Data()[...]
  }

  private static func fields(of message: Data.SubSequence) -> [Field] {
    var rest = message
    func varint() -> UInt64 {
      var (value, shift) = (UInt64(0), UInt64(0))
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 127) << shift
        if byte < 128 { break }
        shift += 7
      }
      return value
    }
    var fields: [Field] = []
    while !rest.isEmpty {
      let key = varint()
      var field = Field(number: Int(key >> 3))
      switch key & 7 {
      case 0: field.value = varint()
      case 2:
        let count = Int(varint())
        field.bytes = rest.prefix(count)
        rest = rest.dropFirst(count)
      default:
        let count = key & 7 == 1 ? 8 : 4
        field.value = number(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      fields.append(field)
    }
    return fields
  }

  private static func number(_ bytes: Data.SubSequence) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
