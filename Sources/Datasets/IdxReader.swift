/// Reads a pair of idx files, either of which may be gzip.
enum IdxReader {
  /// Reads images of bytes or floats, and labels.
  static func read(
    images path: String, as format: IdxFormat, labels labelPath: String
  ) throws(DatasetError) -> LabelledImages {
    let colors = format.hasChannels ? ["channels"] : []
    let (sizes, bytes) = try contents(
      of: path, as: format, axes: ["images"] + colors + ["rows", "columns"])
    let (labelSizes, labels) = try contents(of: labelPath, as: .labels, axes: ["labels"])
    guard sizes[0] == labelSizes[0] else {
      throw DatasetError(
        .dataError, labelPath, "has \(labelSizes[0]) labels for the \(sizes[0]) images of \(path)")
    }
    let shape = ImageShape(
      height: sizes[format.axes - 2], width: sizes[format.axes - 1],
      channels: format.hasChannels ? sizes[1] : 1)
    let pixels: Pixels = format.element == .byte ? .bytes(bytes) : .floats(floats(bytes))
    if case .floats(let values) = pixels,
      let index = values.firstIndex(where: { !($0 >= 0 && $0 <= 1) })
    {
      throw DatasetError(
        .dataError, path,
        "image \(index / shape.pixelCount) has the value \(values[index]), outside 0 to 1")
    }
    return LabelledImages(shape: shape, pixels: pixels, labels: labels)
  }

  /// Reads a file whose axes have the names.
  private static func contents(
    of path: String, as format: IdxFormat, axes: [String]
  ) throws(DatasetError) -> (sizes: [Int], bytes: [UInt8]) {
    let file = try DataFile(path)
    let magic = try file.word()
    guard magic == format.magic else {
      throw DatasetError(
        .dataError, path,
        "begins with \(hexadecimal(magic)), where \(format.fileName) begins with"
          + " \(hexadecimal(format.magic))")
    }
    var sizes: [Int] = []
    for axis in axes {
      let size = try file.word()
      guard size > 0 else { throw DatasetError(.dataError, path, "has 0 \(axis)") }
      sizes.append(size)
    }
    let count = sizes.reduce(format.bytesPerElement) { $0.multipliedOrMax(by: $1) }
    guard count <= DataFile.mostBytes else {
      throw DatasetError(
        .dataError, path,
        "promises \(sizes.map(String.init).joined(separator: "x")) values;"
          + " \(DataFile.mostBytes / format.bytesPerElement) at most are believed")
    }
    guard file.canHold(count + 4 * (axes.count + 1)) else {
      throw DatasetError(
        .dataError, path,
        "is truncated: its \(file.size) bytes cannot hold the \(count) that it promises")
    }
    let bytes = try file.bytes(count)
    try file.expectEnd()
    return (sizes, bytes)
  }

  private static func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      bytes.bindMemory(to: UInt32.self).map { Float(bitPattern: UInt32(bigEndian: $0)) }
    }
  }

  private static func hexadecimal(_ word: Int) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension DataFile {
  /// The next four bytes, the highest first.
  fileprivate func word() throws(DatasetError) -> Int {
    try bytes(4).reduce(0) { $0 << 8 | Int($1) }
  }
}
