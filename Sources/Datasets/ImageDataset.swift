import Catalogues

/// A dataset of labelled images, of which the first four fifths train and the rest validate.
public struct ImageDataset: Sendable {
  /// Its name, as flags spell it.
  public let name: String
  /// Labels are 0, 1, …, `classCount` − 1.
  public let classCount: Int
  /// The size of each image.
  public let shape: ImageShape
  /// The first 80 % of the published training split.
  public let training: ImageSplit
  /// The other 20 %.
  public let validation: ImageSplit

  /// Reads a dataset, checks all of it, and resizes it where its images have another size.
  ///
  /// - Parameters:
  ///   - name: A name of ``DatasetCatalogue``.
  ///   - imageLength: Rows and columns that an image is to have.
  ///   - dataDirectory: The folder that its files, or an idx pair of any 8-bit images, are in; the
  ///     standard place where it is nil.
  /// - Throws: `UnknownName`, or `DatasetError` that says what is missing or wrong.
  public static func load(
    named name: String, imageLength: Int, dataDirectory: String? = nil
  ) throws -> ImageDataset {
    let dataset = try DatasetCatalogue.named(name)
    let lengths = 1...1024
    guard lengths.contains(imageLength) else {
      throw DatasetError(
        .usage, "--image-length",
        "\(imageLength) is no length of an image: choose from 1 to \(lengths.upperBound)")
    }
    return try ImageDataset(
      dataset, images: dataset.read(from: dataDirectory), imageLength: imageLength)
  }

  init(
    _ dataset: KnownDataset, images: LabelledImages, imageLength: Int
  ) throws(DatasetError) {
    let count = images.labels.count
    guard count > 2 else {
      throw DatasetError(
        .dataError, dataset.name,
        "has \(count) images; 3 are needed for one to train and one to validate with")
    }
    var shape = images.shape
    let pixels: ImageSplit.Pixels
    if (shape.height, shape.width) == (imageLength, imageLength) {
      pixels = .bytes(images.pixels)
    } else {
      (shape.height, shape.width) = (imageLength, imageLength)
      let size = count * shape.pixelCount * MemoryLayout<Float>.stride
      guard size <= DataFile.mostBytes else {
        throw DatasetError(
          .usage, "--image-length",
          "\(count) images of \(shape) would take \(size >> 20) MiB: choose a smaller length")
      }
      pixels = .floats(images.resized(height: imageLength, width: imageLength))
    }
    name = dataset.name
    classCount = dataset.classCount
    self.shape = shape
    let labels = images.labels.map { Int32($0) }
    let trainingCount = Self.trainingCount(of: count)
    training = ImageSplit(
      shape: shape, labels: Array(labels[..<trainingCount]), pixels: pixels, offset: 0)
    validation = ImageSplit(
      shape: shape, labels: Array(labels[trainingCount...]), pixels: pixels,
      offset: trainingCount * shape.pixelCount)
  }

  /// 80 % of `count`, rounded to the nearest.
  static func trainingCount(of count: Int) -> Int { (4 * count + 2) / 5 }
}
