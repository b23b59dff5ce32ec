/// The binary version of CIFAR-10 and CIFAR-100: records of labels and 3 · 32 · 32 pixels, by
/// channel, row and column.
enum CIFARReader {
  static let shape = ImageShape(height: 32, width: 32, channels: 3)

  /// Reads files of records, one after the other.
  static func read(
    _ paths: [String], labelBytes: Int, labelOffset: Int
  ) throws(DatasetError) -> LabelledImages {
    let record = labelBytes + shape.pixelCount
    var counts: [Int] = []
    var files: [DataFile] = []
    for path in paths {
      let file = try DataFile(path)
      guard file.size % record == 0 else {
        throw DatasetError(
          .dataError, path,
          "has \(file.size) bytes, which is no multiple of a record's \(record)")
      }
      files.append(file)
      counts.append(file.size / record)
    }
    let count = counts.reduce(0, +)
    guard count <= DataFile.mostBytes / record else {
      throw DatasetError(
        .dataError, paths[0],
        "and its like have \(count) records; \(DataFile.mostBytes / record) at most are believed")
    }
    var images = LabelledImages(shape: shape, pixels: [], labels: [])
    images.pixels.reserveCapacity(count * shape.pixelCount)
    images.labels.reserveCapacity(count)
    for (file, count) in zip(files, counts) {
      for _ in 0..<count {
        let bytes = try file.bytes(record)
        images.labels.append(bytes[labelOffset])
        images.pixels += bytes[labelBytes...]
      }
      try file.expectEnd()
    }
    return images
  }
}
