/// The binary version of CIFAR-10 and CIFAR-100: records of labels and 3 · 32 · 32 pixels, by
/// channel, row and column.
enum CIFARReader {
  static let shape = ImageShape(height: 32, width: 32, channels: 3)

  /// Reads a dataset's files of records, one after the other.
  static func read(
    _ paths: [String], as layout: CIFARLayout, of dataset: KnownDataset
  ) throws(DatasetError) -> LabelledImages {
    let record = layout.labelBytes + shape.pixelCount
    let files = try paths.map { path throws(DatasetError) in try DataFile(path) }
    for file in files { try check(file.size, of: file.path, record: record, layout) }
    let count = paths.count * layout.imagesPerFile
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    labels.reserveCapacity(count)
    pixels.reserveCapacity(count * shape.pixelCount)
    for file in files {
      let first = labels.count
      for _ in 0..<layout.imagesPerFile {
        let bytes = try file.bytes(record)
        labels.append(bytes[layout.labelOffset])
        pixels += bytes[layout.labelBytes...]
      }
      try file.expectEnd()
      try dataset.check(labels[first...].lazy.map { Int($0) }, in: file.path)
    }
    return LabelledImages(shape: shape, pixels: .bytes(pixels), labels: labels)
  }

  /// Throws unless a file has the records that it is published with.
  private static func check(
    _ size: Int, of path: String, record: Int, _ layout: CIFARLayout
  ) throws(DatasetError) {
    let expected = layout.imagesPerFile
    guard size >= expected * record else {
      throw DatasetError(
        .dataError, path,
        "is cut short: its \(size) bytes hold \(size / record) of \(expected) images: get it again")
    }
    guard size <= expected * record else {
      throw DatasetError(
        .dataError, path,
        "has more than \(expected) images: its \(size) bytes hold \(size / record): get it again")
    }
  }
}
