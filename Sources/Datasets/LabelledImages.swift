/// Values of images by channel, row and column, image after image.
enum Pixels: Sendable {
  /// Values to be divided by 255.
  case bytes([UInt8])
  /// Values as a network sees them.
  case floats([Float])
}

/// Images and their labels, as files have them.
struct LabelledImages: Sendable {
  /// The size of each.
  var shape: ImageShape
  var pixels: Pixels
  /// A class for each image.
  var labels: [UInt8]
  /// What the files have as the first class's label: 0 or 1.
  var labelOffset = 0

  /// The same images with `length` rows and columns; what has them already stays as it is.
  ///
  /// - Throws: `DatasetError` where that would take more memory than is sensible, or for images that
  ///   were resized before.
  func resized(to length: Int) throws(DatasetError) -> LabelledImages {
    var resized = self
    resized.shape.height = length
    resized.shape.width = length
    guard resized.shape != shape else { return self }
    guard case .bytes(let bytes) = pixels else {
      throw DatasetError(
        .usage, "--image-length",
        "is \(length), where the images were resized to \(shape) before: choose that, or other images"
      )
    }
    let size = (labels.count * resized.shape.pixelCount)
      .multipliedOrMax(by: MemoryLayout<Float>.stride)
    guard size <= DataFile.mostBytes else {
      throw DatasetError(
        .usage, "--image-length",
        "is \(length): \(labels.count) images of \(resized.shape) would take \(size >> 20) MiB, where"
          + " \(DataFile.mostBytes >> 20) are allowed: choose a smaller length")
    }
    resized.pixels = .floats(
      resize(bytes, planes: labels.count * shape.channels, of: shape, to: length))
    return resized
  }

  /// Throws unless images can have `length` rows and columns.
  static func check(imageLength length: Int) throws(DatasetError) {
    let lengths = ImageDataset.lengths
    guard lengths.contains(length) else {
      throw DatasetError(
        .usage, "--image-length",
        "is \(length), which is no length of an image: choose from \(lengths.lowerBound)"
          + " to \(lengths.upperBound)")
    }
  }
}
