import CMessagePack

/// A MessagePack value as far as checkpoints need it; bytes stay where they are.
indirect enum MessagePackValue {
  case text(Range<Int>)
  case integer(UInt64)
  case bytes(Range<Int>)
  case array([MessagePackValue])
  case map([(key: MessagePackValue, value: MessagePackValue)])
  /// Data that only its writer understands, and the number it gave the kind.
  case `extension`(type: Int, Range<Int>)
  /// nil, a Boolean, a negative or a floating-point number.
  case other

  /// Why bytes are not understood, and where.
  struct Failure: Error {
    var cause: String
    var position: Int
  }

  /// The value that `bytes[range]` are; ranges in it count from the start of `bytes`.
  ///
  /// - Parameter mostValues: how many values all arrays and maps together may hold.
  init(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, mostValues: Int
  ) throws(Failure) {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else {
      throw Failure(cause: "a value does not end", position: range.lowerBound)
    }
    let data = start + range.lowerBound
    var position = 0
    let cause: String? =
      switch cmessagepack_inspect(data, range.count, mostValues, &position) {
      case CMESSAGEPACK_SOUND: nil
      case CMESSAGEPACK_TRUNCATED: "is truncated"
      case CMESSAGEPACK_TOO_DEEP:
        "has values in values, more than \(cmessagepack_deepest) levels deep"
      case CMESSAGEPACK_TOO_MANY: "announces more values than it can hold"
      case CMESSAGEPACK_TRAILING: "goes on after its value"
      default: "is no MessagePack"
      }
    position += range.lowerBound
    if let cause { throw Failure(cause: cause, position: position) }

    var unpacked = msgpack_unpacked()
    defer { msgpack_unpacked_destroy(&unpacked) }
    var end = 0
    guard msgpack_unpack_next(&unpacked, data, range.count, &end) == MSGPACK_UNPACK_SUCCESS else {
      throw Failure(cause: "cannot be unpacked", position: range.lowerBound)
    }
    self.init(unpacked.data, in: start)
  }

  /// `object`, whose strings and data lie at `start` and after it.
  private init(_ object: msgpack_object, in start: UnsafePointer<CChar>) {
    func range(_ data: UnsafePointer<CChar>?, _ size: UInt32) -> Range<Int> {
      guard let data, size > 0 else { return 0..<0 }
      return data - start..<data - start + Int(size)
    }
    switch object.type {
    case MSGPACK_OBJECT_STR: self = .text(range(object.via.str.ptr, object.via.str.size))
    case MSGPACK_OBJECT_BIN: self = .bytes(range(object.via.bin.ptr, object.via.bin.size))
    case MSGPACK_OBJECT_POSITIVE_INTEGER: self = .integer(object.via.u64)
    case MSGPACK_OBJECT_EXT:
      self = .extension(
        type: Int(object.via.ext.type), range(object.via.ext.ptr, object.via.ext.size))
    case MSGPACK_OBJECT_ARRAY:
      let values = UnsafeBufferPointer(
        start: object.via.array.ptr, count: Int(object.via.array.size))
      self = .array(values.map { MessagePackValue($0, in: start) })
    case MSGPACK_OBJECT_MAP:
      let pairs = UnsafeBufferPointer(start: object.via.map.ptr, count: Int(object.via.map.size))
      self = .map(
        pairs.map {
          (MessagePackValue($0.key, in: start), MessagePackValue($0.val, in: start))
        })
    default: self = .other
    }
  }
}
