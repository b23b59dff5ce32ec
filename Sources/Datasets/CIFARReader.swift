/// The binary version of CIFAR-10 and CIFAR-100: records of labels and 3 · 32 · 32 pixels, by
/// channel, row and column.
enum CIFARReader {
  static let shape = ImageShape(height: 32, width: 32, channels: 3)

  /// Reads files of records, one after the other; a record's class is byte `labelOffset` of
  /// `labelBytes`.
  static func read(
    _ paths: [String], labelBytes: Int, labelOffset: Int
  ) throws(DatasetError) -> LabelledImages {
    let record = labelBytes + shape.pixelCount
    var files: [DataFile] = []
    for path in paths {
      let file = try DataFile(path)
      guard file.size % record == 0 else {
        throw DatasetError(
          .dataError, path,
          "has \(file.size) bytes, which is no multiple of the \(record) of an image")
      }
      files.append(file)
    }
    let size = files.reduce(0) { $0 + $1.size }
    guard size <= DataFile.mostBytes else {
      throw DatasetError(
        .dataError, paths[0],
        "with its like has \(size) bytes; \(DataFile.mostBytes) at most are believed")
    }
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    labels.reserveCapacity(size / record)
    pixels.reserveCapacity(size / record * shape.pixelCount)
    for file in files {
      for _ in 0..<file.size / record {
        let bytes = try file.bytes(record)
        labels.append(bytes[labelOffset])
        pixels += bytes[labelBytes...]
      }
      try file.expectEnd()
    }
    return LabelledImages(shape: shape, pixels: .bytes(pixels), labels: labels)
  }
}
