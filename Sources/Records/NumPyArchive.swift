import Parameters

/// NumPy's `.npz`: a zip archive with a `.npy` file a leaf.
enum NumPyArchive {
  /// A name ends so in the archive, but not as a key in Python.
  static let suffix = ".npy"

  static func read(_ file: OpenFile) throws(RecordError) -> LoadedTheta {
    let archive = try ZipReader(file)
    let total = archive.entries.reduce(0) { $0 + $1.size }
    guard total <= ThetaFormat.largestFile / 4 else {
      throw RecordError(.dataError, file.path, "cannot be believed to unpack to \(total) bytes")
    }
    var arrays: [StoredArray] = []
    var bytes: [UInt8] = []
    for entry in archive.entries {
      guard entry.name.hasSuffix(suffix) else {
        throw RecordError(.dataError, file.path, "holds \(quoted(entry.name)), which is no .npy")
      }
      let (shape, values) = try read(entry, of: archive)
      let name = String(entry.name.dropLast(suffix.count))
      arrays.append(StoredArray(name: name, shape: shape, start: bytes.count))
      bytes += values
    }
    return try LoadedTheta(path: file.path, format: .npz, arrays: arrays, bytes: bytes)
  }

  /// The bytes of an archive of the leaves, all iterations of a leaf in one array.
  static func encoded(_ rows: LeafRows, for path: String) throws(RecordError) -> [UInt8] {
    var files: [(String, [UInt8])] = []
    for (index, leaf) in rows.layout.leaves.enumerated() {
      guard !leaf.name.unicodeScalars.contains("\0") else {
        throw RecordError(.cannotCreate, path, "\(quoted(leaf.name)) cannot be a name in npz")
      }
      let header = NumPyHeader.encoded(shape: [rows.count] + leaf.shape)
      files.append((leaf.name + suffix, header + rows.bytes(ofLeaf: index)))
    }
    return try zipArchive(files, for: path)
  }

  private static func read(
    _ entry: ZipReader.Entry, of archive: ZipReader
  ) throws(RecordError) -> (shape: [Int], values: [UInt8]) {
    func bad(_ cause: String) -> RecordError {
      RecordError(.dataError, archive.path, "\(quoted(entry.name)) \(cause)")
    }
    return try archive.read(entry) { (stream) throws(RecordError) in
      // Magic word, version, and a length of two bytes at least.
      let shortest = NumPyHeader.magic.count + 4
      guard entry.size >= shortest else { throw bad("is no .npy file") }
      let start = try stream.bytes(shortest)
      guard start.starts(with: NumPyHeader.magic) else { throw bad("is no .npy file") }
      guard (1...3).contains(start[6]) else { throw bad("has npy version \(start[6]), not 1 to 3") }
      var length = Int(start[8]) | Int(start[9]) << 8
      var headerEnd = shortest
      if start[6] > 1 {
        guard entry.size >= shortest + 2 else { throw bad("is truncated") }
        let rest = try stream.bytes(2)
        length |= Int(rest[0]) << 16 | Int(rest[1]) << 24
        headerEnd += 2
      }
      guard length <= NumPyHeader.longest else {
        throw bad("announces a header of \(length) bytes")
      }
      guard length <= entry.size - headerEnd else { throw bad("is truncated") }
      headerEnd += length
      let text = try stream.bytes(length)
      let header: NumPyHeader
      do throws(NumPyHeader.Failure) {
        header = try NumPyHeader(text)
      } catch { throw bad(error.cause) }
      guard header.type == "<f4" else { throw bad("has type \(quoted(header.type)), not '<f4'") }
      guard !header.isFortranOrder else { throw bad("is in Fortran's order, not in C's") }
      guard header.shape.count <= ThetaFormat.mostAxes else {
        throw bad("has \(header.shape.count) axes")
      }
      guard let count = byteCount(of: header.shape) else { throw bad("has too large a shape") }
      guard count == entry.size - headerEnd else {
        throw bad("has \(entry.size - headerEnd) bytes where its shape asks for \(count)")
      }
      return (header.shape, try stream.bytes(count))
    }
  }
}
