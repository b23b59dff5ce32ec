import CZlib
import Foundation
package import Snapshots

/// Writes a snapshot as a safetensors file: a tensor a leaf, by its name, and last the tensor `crc32`,
/// a checksum of all bytes before its own. What is no array of numbers, lengths and texts, is JSON in
/// the file's metadata under `structure`.
///
/// - Parameters:
///   - metadata: More text for the metadata; the key `structure` is taken.
///   - beforeRename: Called when the file is whole and on the disk, before it takes its name.
/// - Throws: `RecordError` that says why the file cannot be made or written; then an older one stays.
package func writeSnapshot(
  _ snapshot: Snapshot, metadata: [String: String] = [:], to path: String,
  beforeRename: () throws(RecordError) -> Void = {}
) throws {
  let header = try header(of: snapshot, metadata: metadata)
  _ = try replaceAtomically(path) { (file) throws(RecordError) in
    var checksum: UInt = 0
    func write(_ bytes: [UInt8]) throws(RecordError) {
      checksum = crc32(checksum, of: bytes)
      try file.write(bytes.span.bytes)
    }
    try write(header)
    for leaf in snapshot.leaves { try write(leaf.bytes) }
    try file.write(littleEndian(UInt32(checksum)).span.bytes)
    try file.synchronize()
    try beforeRename()
  }
}

/// The bytes before the first leaf's.
private func header(of snapshot: Snapshot, metadata: [String: String]) throws -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let structure = String(
    decoding: try encoder.encode(Structure(counts: snapshot.counts, texts: snapshot.texts)),
    as: UTF8.self)
  let texts = metadata.merging([Structure.key: structure]) { $1 }.sorted { $0.key < $1.key }
  var json = "{\(jsonString(SafetensorsHeader.metadataName)):{"
  json += texts.map { "\(jsonString($0)):\(jsonString($1))" }.joined(separator: ",") + "}"
  var offset = 0
  func add(_ name: String, _ type: Snapshot.NumberType, shape: [Int], size: Int) {
    let shape = shape.map(String.init).joined(separator: ",")
    json += ",\(jsonString(name)):{\"dtype\":\"\(type.rawValue)\","
    json += "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(offset + size)]}"
    offset += size
  }
  for leaf in snapshot.leaves {
    add(leaf.name, leaf.type, shape: snapshot.shape(of: leaf), size: leaf.bytes.count)
  }
  add(Structure.checksumName, .uint32, shape: [1], size: 4)
  json += "}"
  json += String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
  return littleEndian(UInt64(json.utf8.count)) + Array(json.utf8)
}

/// Reads a snapshot that `writeSnapshot(_:metadata:to:)` wrote, with its metadata.
///
/// - Throws: `RecordError` for a file that is missing, is no such snapshot or has other bytes than were
///   written.
package func readSnapshot(
  _ path: String
) throws(RecordError) -> (snapshot: Snapshot, metadata: [String: String]) {
  func invalid(_ cause: String) -> RecordError { RecordError(.dataError, path, cause) }

  let file = try OpenFile.reading(path)
  let header = try HeaderParser.parse(file)
  var metadata = header.parser.metadata
  guard let text = metadata.removeValue(forKey: Structure.key),
    let structure = try? JSONDecoder().decode(Structure.self, from: Data(text.utf8))
  else { throw invalid("is no snapshot: its metadata has no \(Structure.key)") }
  var leaves: [Snapshot.Leaf] = []
  var end = 0
  var checksum = crc32(0, of: try file.bytes(at: 0, count: header.dataOffset))
  var found: UInt32?
  for tensor in header.parser.tensors.sorted(by: { ($0.begin, $0.name) < ($1.begin, $1.name) }) {
    guard let type = Snapshot.NumberType(rawValue: tensor.type) else {
      throw invalid("tensor \(quoted(tensor.name)) has the unknown type \(quoted(tensor.type))")
    }
    guard tensor.begin == end, tensor.end <= header.dataSize, tensor.begin <= tensor.end,
      let bytes = byteCount(of: tensor.shape, size: type.size), bytes == tensor.end - tensor.begin
    else { throw invalid("tensor \(quoted(tensor.name)) does not lie where its shape asks for") }
    end = tensor.end
    let content = try file.bytes(at: header.dataOffset + tensor.begin, count: bytes)
    if tensor.name == Structure.checksumName, bytes == 4, end == header.dataSize {
      found = content.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    } else {
      checksum = crc32(checksum, of: content)
      leaves.append(Snapshot.Leaf(name: tensor.name, type: type, bytes: content))
    }
  }
  guard end == header.dataSize else { throw invalid("has bytes that belong to no tensor") }
  guard let found else { throw invalid("has no tensor \(Structure.checksumName) at its end") }
  guard found == UInt32(checksum) else {
    throw invalid("is damaged: its bytes are not those that were written (by their CRC-32)")
  }
  return (
    Snapshot(leaves: leaves, counts: structure.counts, texts: structure.texts), metadata
  )
}

/// Goes on with a CRC-32, as `gzip` has it.
private func crc32(_ value: UInt, of bytes: [UInt8]) -> UInt {
  bytes.withUnsafeBufferPointer { bytes in
    bytes.baseAddress.map { crc32_z(value, $0, bytes.count) } ?? value
  }
}

/// What is no array of numbers.
private struct Structure: Codable {
  /// Its place in the metadata.
  static let key = "structure"
  /// The checksum's tensor.
  static let checksumName = "crc32"

  /// The lengths of arrays: pairs of a length and how often it follows itself.
  var counts: [String: [Snapshot.Run]]
  var texts: [String: [String]]
}
