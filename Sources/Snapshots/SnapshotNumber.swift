/// A number that a snapshot holds in arrays. Memory is little-endian on every machine that Swift
/// runs on here.
protocol SnapshotNumber: BitwiseCopyable, Codable {
  static var snapshotType: Snapshot.NumberType { get }
}

extension Float: SnapshotNumber {
  static var snapshotType: Snapshot.NumberType { .float32 }
}

extension Double: SnapshotNumber {
  static var snapshotType: Snapshot.NumberType { .float64 }
}

extension Int: SnapshotNumber {
  static var snapshotType: Snapshot.NumberType { .int64 }
}

extension UInt32: SnapshotNumber {
  static var snapshotType: Snapshot.NumberType { .uint32 }
}

extension UInt64: SnapshotNumber {
  static var snapshotType: Snapshot.NumberType { .uint64 }
}

extension Bool: SnapshotNumber {
  static var snapshotType: Snapshot.NumberType { .bool }
}
