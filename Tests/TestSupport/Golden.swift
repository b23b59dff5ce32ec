public import Foundation

/// Numbers printed by the reference, read from `Tests/Goldens/<name>.json`.
///
/// Each array is an object `{"shape", "type", "data"}` whose data is base64 of little-endian
/// values; `scripts/make-goldens` writes them.
public struct Golden: Sendable {
  /// The package's `Tests/Goldens` folder.
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Goldens")

  private let arrays: [String: Array]
  public let name: String

  private struct Array: Decodable, Sendable {
    var shape: [Int]
    var type: String
    var data: Data
  }

  /// Reads the file `name` (a path below `Tests/Goldens`, without `.json`).
  public init(_ name: String) throws {
    self.name = name
    let data = try Data(contentsOf: Golden.folder.appending(path: "\(name).json"))
    guard let objects = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw GoldenError.notAnObject(name)
    }
    arrays = try objects.filter { $0.key != "flags" }.mapValues {
      try JSONDecoder().decode(Array.self, from: JSONSerialization.data(withJSONObject: $0))
    }
  }

  /// Names of the arrays in the file.
  public var names: [String] { arrays.keys.sorted() }

  public func shape(_ name: String) throws -> [Int] { try array(name).shape }
  public func doubles(_ name: String) throws -> [Double] { try values(name, "float64") }
  public func floats(_ name: String) throws -> [Float] { try values(name, "float32") }
  public func words(_ name: String) throws -> [UInt32] { try values(name, "uint32") }

  /// An integer array of any width.
  public func integers(_ name: String) throws -> [Int] {
    switch try array(name).type {
    case "int32": try values(name, "int32").map { (value: Int32) in Int(value) }
    case "int64": try values(name, "int64")
    case "uint8": try values(name, "uint8").map { (value: UInt8) in Int(value) }
    case let type: throw GoldenError.wrongType(name, type)
    }
  }

  private func array(_ name: String) throws -> Array {
    guard let array = arrays[name] else { throw GoldenError.missing(name, in: self.name) }
    return array
  }

  private func values<Value: BitwiseCopyable>(_ name: String, _ type: String) throws -> [Value] {
    let array = try array(name)
    guard array.type == type else { throw GoldenError.wrongType(name, array.type) }
    return array.data.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Value>.stride).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.stride, as: Value.self)
      }
    }
  }
}

enum GoldenError: Error {
  case notAnObject(String)
  case missing(String, in: String)
  case wrongType(String, String)
}
