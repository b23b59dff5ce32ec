import Settings

/// A dataset of labelled images, of which the first four fifths train and the rest validate.
public struct ImageDataset: Sendable {
  /// The rows and columns that images may be asked to have.
  public static let lengths = 1...1024

  /// Its name, as flags spell it.
  public let name: String
  /// Labels are 0, 1, …, `classCount` − 1.
  public let classCount: Int
  /// The size of each image.
  public let shape: ImageShape
  /// What the files have as the first class's label: 0, or 1 where they count from it.
  public let labelOffset: Int
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
  ///   - imageLength: Rows and columns that an image is to have, one of ``lengths``.
  ///   - dataDirectory: The folder that its files or an idx pair are in, which for CIFAR must have
  ///     images with three channels; the standard place where it is nil.
  /// - Throws: `UnknownName`, or `DatasetError` that says what is missing or wrong.
  public static func load(
    named name: String, imageLength: Int, dataDirectory: String? = nil
  ) throws -> ImageDataset {
    let dataset = try DatasetCatalogue.named(name)
    return try load(dataset, imageLength: imageLength, dataDirectory: dataDirectory)
  }

  static func load(
    _ dataset: KnownDataset, imageLength: Int, dataDirectory: String?
  ) throws(DatasetError) -> ImageDataset {
    try LabelledImages.check(imageLength: imageLength)
    let images = try dataset.images(of: dataset.files(in: dataDirectory))
    return ImageDataset(
      name: dataset.name, classCount: dataset.classCount,
      images: try images.resized(to: imageLength))
  }

  init(name: String, classCount: Int, images: LabelledImages) {
    self.name = name
    self.classCount = classCount
    shape = images.shape
    labelOffset = images.labelOffset
    let labels = images.labels.map { Int32($0) }
    let trainingCount = Self.trainingCount(of: labels.count)
    training = ImageSplit(
      shape: shape, labels: Array(labels[..<trainingCount]), pixels: images.pixels, offset: 0)
    validation = ImageSplit(
      shape: shape, labels: Array(labels[trainingCount...]), pixels: images.pixels,
      offset: trainingCount * shape.pixelCount)
  }

  /// What the files' labels are taken for: `labels 1 to 10 are taken for classes 0 to 9`.
  package var labelsLine: String { labelsText(classCount: classCount, offset: labelOffset) }

  /// 80 % of `count`, rounded to the nearest as TensorFlow Datasets does.
  static func trainingCount(of count: Int) -> Int { (4 * count + 2) / 5 }
}

func labelsText(classCount: Int, offset: Int) -> String {
  "labels \(offset) to \(classCount - 1 + offset) are taken for classes 0 to \(classCount - 1)"
}
