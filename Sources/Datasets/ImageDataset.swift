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
  /// Images keep the order of their files.
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
    try LabelledImages.check(imageLength: imageLength)
    let images = try dataset.images(in: dataDirectory).resized(to: imageLength)
    return ImageDataset(dataset, images)
  }

  init(_ dataset: KnownDataset, _ images: LabelledImages) {
    name = dataset.name
    classCount = dataset.classCount
    shape = images.shape
    let labels = images.labels.map { Int32($0) }
    let trainingCount = Self.trainingCount(of: labels.count)
    training = ImageSplit(
      shape: shape, labels: Array(labels[..<trainingCount]), pixels: images.pixels, offset: 0)
    validation = ImageSplit(
      shape: shape, labels: Array(labels[trainingCount...]), pixels: images.pixels,
      offset: trainingCount * shape.pixelCount)
  }

  /// 80 % of `count`, rounded to the nearest as TensorFlow Datasets does.
  static func trainingCount(of count: Int) -> Int { (4 * count + 2) / 5 }
}
