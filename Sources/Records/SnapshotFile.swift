import Foundation
package import Snapshots

/// Writes a snapshot as a safetensors file: a tensor a leaf, by its name. What is no array of numbers,
/// lengths and texts, is JSON in the file's metadata under `structure`.
///
/// - Throws: `RecordError` that says why the file cannot be made or written; then an older one stays.
package func writeSnapshot(_ snapshot: Snapshot, to path: String) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let structure = String(
    decoding: try encoder.encode(Structure(counts: snapshot.counts, texts: snapshot.texts)),
    as: UTF8.self)
  var json = "{\(jsonString(SafetensorsHeader.metadataName)):"
  json += "{\(jsonString(Structure.key)):\(jsonString(structure))}"
  var offset = 0
  for leaf in snapshot.leaves {
    let shape = snapshot.shape(of: leaf).map(String.init).joined(separator: ",")
    let end = offset + leaf.bytes.count
    json += ",\(jsonString(leaf.name)):{\"dtype\":\"\(leaf.type.rawValue)\","
    json += "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
    offset = end
  }
  json += "}"
  json += String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
  var data = Data(capacity: 8 + json.utf8.count + offset)
  withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { data.append(contentsOf: $0) }
  data.append(contentsOf: json.utf8)
  for leaf in snapshot.leaves { data.append(contentsOf: leaf.bytes) }
  try writeAtomically(data, to: path)
}

/// Reads a snapshot that `writeSnapshot(_:to:)` wrote.
///
/// - Throws: `RecordError` for a file that is missing or is no such snapshot.
package func readSnapshot(_ path: String) throws(RecordError) -> Snapshot {
  func invalid(_ cause: String) -> RecordError { RecordError(.dataError, path, cause) }

  let file = try OpenFile.reading(path)
  let header = try HeaderParser.parse(file)
  guard let text = header.parser.metadata[Structure.key],
    let structure = try? JSONDecoder().decode(Structure.self, from: Data(text.utf8))
  else { throw invalid("is no snapshot: its metadata has no \(Structure.key)") }
  var leaves: [Snapshot.Leaf] = []
  var end = 0
  for tensor in header.parser.tensors.sorted(by: { ($0.begin, $0.name) < ($1.begin, $1.name) }) {
    guard let type = Snapshot.NumberType(rawValue: tensor.type) else {
      throw invalid("tensor \(quoted(tensor.name)) has the unknown type \(quoted(tensor.type))")
    }
    guard tensor.begin == end, tensor.end <= header.dataSize, tensor.begin <= tensor.end,
      let bytes = byteCount(of: tensor.shape, size: type.size), bytes == tensor.end - tensor.begin
    else { throw invalid("tensor \(quoted(tensor.name)) does not lie where its shape asks for") }
    end = tensor.end
    leaves.append(
      Snapshot.Leaf(
        name: tensor.name, type: type,
        bytes: try file.bytes(at: header.dataOffset + tensor.begin, count: bytes)))
  }
  guard end == header.dataSize else { throw invalid("has bytes that belong to no tensor") }
  return Snapshot(leaves: leaves, counts: structure.counts, texts: structure.texts)
}

/// What is no array of numbers.
private struct Structure: Codable {
  /// Its place in the metadata.
  static let key = "structure"

  /// The lengths of arrays: pairs of a length and how often it follows itself.
  var counts: [String: [Snapshot.Run]]
  var texts: [String: [String]]
}
