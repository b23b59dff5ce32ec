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
    self.name = name
    self.classCount = classCount
    self.shape = shape
    let labels = labels.map { Int32($0) }
    let trainingCount = Self.trainingCount(of: labels.count)
    training = ImageSplit(
      shape: shape, labels: Array(labels[..<trainingCount]), pixels: .bytes(pixels), offset: 0)
    validation = ImageSplit(
      shape: shape, labels: Array(labels[trainingCount...]), pixels: .bytes(pixels),
      offset: trainingCount * shape.pixelCount)
  }
}
