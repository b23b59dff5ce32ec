/// What was found of a dataset.
public struct DatasetReport: Sendable {
  /// The files that were read.
  public let files: [String]
  /// Whether the files are an idx pair in place of those that the dataset is published as.
  public let isSubstitute: Bool
  /// The size of each image.
  public let shape: ImageShape
  /// How many images each class has.
  public let classCounts: [Int]
  /// What the files have as the first class's label: 0, or 1 where they count from it.
  public let labelOffset: Int
  /// How many images train, and how many validate.
  public let splitCounts: (training: Int, validation: Int)

  /// What the files' labels are taken for: `labels 1 to 10 are taken for classes 0 to 9`.
  package var labelsLine: String {
    labelsText(classCount: classCounts.count, offset: labelOffset)
  }

  /// How many images there are.
  public var count: Int { classCounts.reduce(0, +) }
}

extension KnownDataset {
  /// Reads and checks the dataset's files.
  ///
  /// - Parameter dataDirectory: Where they are; the standard place where it is nil.
  /// - Throws: `DatasetError` that says what is missing or wrong.
  public func report(dataDirectory: String?) throws(DatasetError) -> DatasetReport {
    let files = try files(in: dataDirectory)
    let images = try images(of: files)
    let isSubstitute = if case (.idx, .cifar) = (files, layout) { true } else { false }
    var counts = [Int](repeating: 0, count: classCount)
    for label in images.labels { counts[Int(label)] += 1 }
    let trainingCount = ImageDataset.trainingCount(of: images.labels.count)
    return DatasetReport(
      files: files.paths, isSubstitute: isSubstitute, shape: images.shape, classCounts: counts,
      labelOffset: images.labelOffset,
      splitCounts: (trainingCount, images.labels.count - trainingCount))
  }

  /// Reads and checks the dataset's files, and returns it as a pair of idx files for a folder of their
  /// own. Images that are resized become floats, so that nothing is rounded.
  ///
  /// - Parameters:
  ///   - imageLength: Rows and columns that images are to have; nil leaves them as they are.
  ///   - dataDirectory: Where the files are; the standard place where it is nil.
  /// - Returns: Names and contents.
  /// - Throws: `DatasetError` that says what is missing or wrong.
  public func idxFiles(
    imageLength: Int?, dataDirectory: String?
  ) throws(DatasetError) -> [(name: String, contents: [UInt8])] {
    if let imageLength { try LabelledImages.check(imageLength: imageLength) }
    var images = try images(of: files(in: dataDirectory))
    if let imageLength { images = try images.resized(to: imageLength) }
    let shape = images.shape
    let sizes = [images.labels.count] + (shape.channels == 1 ? [] : [shape.channels])
    let element: IdxFormat.Element = if case .bytes = images.pixels { .byte } else { .float }
    let format = IdxFormat(element: element, axes: sizes.count + 2)
    return [
      (format.fileName, format.file(sizes: sizes + [shape.height, shape.width], images.pixels)),
      (IdxFormat.labels.fileName, IdxFormat.labels.file(sizes: [sizes[0]], .bytes(images.labels))),
    ]
  }
}
