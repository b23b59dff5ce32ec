extension ImageDataset {
  /// A dataset of images that are in memory already; the first 80 % train.
  ///
  /// - Parameters:
  ///   - pixels: By channel, row and column, image after image: `labels.count` of them.
  ///   - labels: A class below `classCount` for each image; at least 3 of them.
  public init(
    name: String, classCount: Int, shape: ImageShape, pixels: [UInt8], labels: [UInt8]
  ) {
    precondition(pixels.count == labels.count * shape.pixelCount, "a label for each image")
    precondition(labels.count > 2, "an image to train with and one to validate with")
    precondition(labels.allSatisfy { $0 < classCount }, "labels are classes")
    self.init(
      name: name, classCount: classCount,
      images: LabelledImages(shape: shape, pixels: .bytes(pixels), labels: labels))
  }
}
