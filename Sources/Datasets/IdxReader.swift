/// Reads a pair of idx files, either of which may be gzip.
enum IdxReader {
  /// Reads images of bytes or floats, and labels, which are to be classes of `dataset`.
  static func read(
    images path: String, as format: IdxFormat, labels labelPath: String, of dataset: KnownDataset
  ) throws(DatasetError) -> LabelledImages {
    let colors = format.hasChannels ? ["channels"] : []
    let images = try IdxFile(
      path, as: [format], axes: ["images"] + colors + ["rows", "columns"])
    let labelFile = try IdxFile(
      labelPath, as: [.labels] + IdxFormat.otherLabels, axes: ["labels"])
    let sizes = images.sizes
    // Before either is unpacked: small files can promise much.
    guard sizes[0] == labelFile.sizes[0] else {
      throw DatasetError(
        .dataError, labelPath,
        "has \(labelFile.sizes[0]) labels for the \(sizes[0]) images of \(path)")
    }
    let (labels, offset) = try dataset.classes(labelFile.wholeNumbers(), in: labelPath)
    let bytes = try images.contents()
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
    return LabelledImages(shape: shape, pixels: pixels, labels: labels, labelOffset: offset)
  }

  private static func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      bytes.bindMemory(to: UInt32.self).map { Float(bitPattern: UInt32(bigEndian: $0)) }
    }
  }
}

/// An idx file of which the header was read and is believed.
private struct IdxFile {
  let format: IdxFormat
  let sizes: [Int]
  private let file: DataFile

  /// Reads the header of a file of one of the formats, whose axes have the names.
  init(_ path: String, as formats: [IdxFormat], axes: [String]) throws(DatasetError) {
    file = try DataFile(path)
    let magic = try file.word()
    guard let format = formats.first(where: { $0.magic == magic }) else {
      throw DatasetError(
        .dataError, path,
        "begins with \(hexadecimal(magic)), where \(formats[0].fileName) begins with"
          + " \(hexadecimal(formats[0].magic))")
    }
    self.format = format
    var sizes: [Int] = []
    for axis in axes {
      let size = try file.word()
      guard size > 0 else { throw DatasetError(.dataError, path, "has 0 \(axis)") }
      sizes.append(size)
    }
    self.sizes = sizes
    let count = byteCount
    guard count <= DataFile.mostBytes else {
      throw DatasetError(
        .dataError, path,
        "promises \(sizes.map(String.init).joined(separator: "x")) values;"
          + " \(DataFile.mostBytes / format.element.size) at most are believed")
    }
    guard file.canHold(count + 4 * (axes.count + 1)) else {
      throw DatasetError(
        .dataError, path,
        "is truncated: its \(file.size) bytes cannot hold the \(count) that it promises")
    }
  }

  /// Bytes of the values; the largest number where they are more.
  private var byteCount: Int { sizes.reduce(format.element.size) { $0.multipliedOrMax(by: $1) } }

  /// The values as the file has them, all that there are.
  func contents() throws(DatasetError) -> [UInt8] {
    let bytes = try file.bytes(byteCount)
    try file.expectEnd()
    return bytes
  }

  /// The values of a file of whole numbers.
  func wholeNumbers() throws(DatasetError) -> some Collection<Int> {
    let (bytes, size, isSigned) = (try contents(), format.element.size, format.element != .byte)
    return (0..<bytes.count / size).lazy.map { index in
      let number = bytes[index * size..<(index + 1) * size].reduce(0) { $0 << 8 | Int($1) }
      let tooLarge = 1 << (8 * size - 1)
      return isSigned && number >= tooLarge ? number - 2 * tooLarge : number
    }
  }
}

private func hexadecimal(_ word: Int) -> String {
  let digits = String(word, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}

extension DataFile {
  /// The next four bytes, the highest first.
  fileprivate func word() throws(DatasetError) -> Int {
    try bytes(4).reduce(0) { $0 << 8 | Int($1) }
  }
}
