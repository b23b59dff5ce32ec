import Glibc

/// Opens the θ's at `path`, whatever wrote them: a file of any `ThetaFormat`, recognised by its
/// content, or the folder of a run of this program or of the reference.
///
/// - Throws: `RecordError` that says what is wrong with the file or folder.
package func openTheta(_ path: String) throws(RecordError) -> any ThetaRows {
  switch fileType(path) {
  case nil where errno == ENOENT || errno == ENOTDIR:
    throw RecordError(
      .noInput, path, "no such file or folder: give a run folder or a θ file")
  case S_IFDIR:
    for format in [ThetaFormat.safetensors, .flax] {
      let file = "\(path)/\(format.fileName())"
      if fileType(file) != nil { return try openFile(file) }
    }
    return try ThetaFolder(path: path)
  default: return try openFile(path)
  }
}

private func openFile(_ path: String) throws(RecordError) -> any ThetaRows {
  let file = try OpenFile.reading(path)
  let size = try file.size()
  guard size > 0 else { throw RecordError(.dataError, path, "is empty; a θ file was expected") }
  switch format(of: try file.bytes(at: 0, count: min(size, 16))) {
  case .safetensors: return try SafetensorsReader.open(file)
  case .flax: return try FlaxReader.read(file)
  case .npz: return try NumPyArchive.read(file)
  case .csv: return try ThetaTable.read(file)
  case nil:
    let choices = ThetaFormat.allCases.map(\.rawValue).joined(separator: ", ")
    throw RecordError(.dataError, path, "is no θ file; known are: \(choices)")
  }
}

/// The format of a file that begins with `start`, or nil.
private func format(of start: [UInt8]) -> ThetaFormat? {
  // The length of a header that is believed leaves the upper half of its eight bytes empty.
  if start.count > 8, start[8] == UInt8(ascii: "{"), start[4..<8].allSatisfy({ $0 == 0 }) {
    return .safetensors
  }
  if start.starts(with: "PK\u{3}\u{4}".utf8) || start.starts(with: "PK\u{5}\u{6}".utf8) {
    return .npz
  }
  let text = start.dropFirst(start.starts(with: ThetaTable.byteOrderMark) ? 3 : 0)
  if text.starts(with: ThetaTable.firstColumn.utf8) { return .csv }
  switch start[0] {
  // A map of up to 15 pairs, and of more.
  case 0x80...0x8F, 0xDE, 0xDF: return .flax
  default: return nil
  }
}

/// The type bits of what `path` leads to; nil, and `errno`, when there is nothing.
private func fileType(_ path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}
