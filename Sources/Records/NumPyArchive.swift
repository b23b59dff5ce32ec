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
    var values: [Float] = []
    for entry in archive.entries {
      guard entry.name.hasSuffix(suffix) else {
        let hint =
          entry.name.hasSuffix("data.pkl")
          ? ": PyTorch's own files are not read, what safetensors or numpy.savez wrote is" : ""
        throw RecordError(
          .dataError, file.path, "holds \(quoted(entry.name)), which is no .npy\(hint)")
      }
      let (shape, array) = try read(entry, of: archive)
      let name = String(entry.name.dropLast(suffix.count))
      arrays.append(StoredArray(name: name, shape: shape, start: values.count))
      values += array
    }
    return try LoadedTheta(path: file.path, format: .npz, arrays: arrays, values: values)
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
  ) throws(RecordError) -> (shape: [Int], values: [Float]) {
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
      guard let (element, isBigEndian) = header.element else {
        // NumPy does not know bfloat16 and stores it as two bytes of no type.
        let known = "float16, float32 and float64 are read"
        let hint = header.type.hasSuffix("V2") ? ": bfloat16 cannot be told from others in npz" : ""
        throw bad("has type \(quoted(header.type))\(hint): \(known)")
      }
      guard header.shape.count <= ThetaFormat.mostAxes else {
        throw bad("has \(header.shape.count) axes")
      }
      guard let count = byteCount(of: header.shape, size: element.size) else {
        throw bad("has too large a shape")
      }
      guard count == entry.size - headerEnd else {
        throw bad("has \(entry.size - headerEnd) bytes where its shape asks for \(count)")
      }
      let values = try stream.bytes(count).withUnsafeBytes {
        element.floats($0, isBigEndian: isBigEndian)
      }
      return (header.shape, header.isFortranOrder ? rowMajor(values, shape: header.shape) : values)
    }
  }
}
