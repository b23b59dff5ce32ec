/// The idx format of the MNIST family: a magic word, sizes as big-endian words, bytes.
enum IdxReader {
  static let imagesName = "train-images-idx3-ubyte"
  static let labelsName = "train-labels-idx1-ubyte"

  /// Reads a pair of files, either of which may be gzip.
  static func read(images: String, labels: String) throws(DatasetError) -> LabelledImages {
    let (sizes, pixels) = try contents(
      of: images, sizes: ["images", "rows", "columns"], what: "idx images of bytes")
    let (labelSizes, classes) = try contents(of: labels, sizes: ["labels"], what: "idx labels")
    guard sizes[0] == labelSizes[0] else {
      throw DatasetError(
        .dataError, labels, "has \(labelSizes[0]) labels for the \(sizes[0]) images of \(images)")
    }
    return LabelledImages(
      shape: ImageShape(height: sizes[1], width: sizes[2], channels: 1), pixels: pixels,
      labels: classes)
  }

  /// Reads a file of bytes with an axis for each of the names.
  private static func contents(
    of path: String, sizes names: [String], what: String
  ) throws(DatasetError) -> (sizes: [Int], bytes: [UInt8]) {
    let file = try DataFile(path)
    let magic = try file.word()
    let expected = 0x800 + names.count
    guard magic == expected else {
      throw DatasetError(
        .dataError, path,
        "begins with \(hexadecimal(magic)), where \(what) begin with \(hexadecimal(expected))")
    }
    var sizes: [Int] = []
    for name in names {
      let size = try file.word()
      guard size > 0 else { throw DatasetError(.dataError, path, "has 0 \(name)") }
      sizes.append(size)
    }
    let count = sizes.reduce(1) { $0.multipliedOrMax(by: $1) }
    guard count <= DataFile.mostBytes else {
      throw DatasetError(
        .dataError, path,
        "promises \(sizes.map(String.init).joined(separator: "x")) bytes;"
          + " \(DataFile.mostBytes) at most are believed")
    }
    guard file.canHold(count + 4 * (names.count + 1)) else {
      throw DatasetError(
        .dataError, path, "is truncated: \(file.size) bytes cannot hold the \(count) it promises")
    }
    let bytes = try file.bytes(count)
    try file.expectEnd()
    return (sizes, bytes)
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
