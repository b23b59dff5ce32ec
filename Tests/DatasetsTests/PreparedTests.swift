import TestSupport
import Testing

@testable import Datasets

struct PreparedTests {
  @Test("a prepared copy is the dataset, to the last bit", arguments: [nil, 4, 3, 9])
  func copies(length: Int?) throws {
    let folder = try MadeFiles.pair()
    try expectCopy(of: "fashion_mnist", in: folder, length: length, native: 4)
  }

  @Test("so it is of images with colors", arguments: [nil, 32, 5])
  func colors(length: Int?) throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("train.bin", MadeFiles.records(6, labelBytes: 2, below: 100))
    try expectCopy(of: "cifar100", in: folder, length: length, native: 32)
  }

  private func expectCopy(
    of name: String, in folder: TemporaryFolder, length: Int?, native: Int
  ) throws {
    let dataset = try KnownDataset.small(name, imagesPerFile: 6)
    let copy = try TemporaryFolder()
    let files = try dataset.idxFiles(imageLength: length, dataDirectory: folder.path)
    for file in files { _ = try copy.file(file.name, file.contents) }
    let axes = name == "cifar100" ? 4 : 3
    let type = length == nil || length == native ? "ubyte" : "float"
    #expect(try copy.names == ["train-images-idx\(axes)-\(type)", "train-labels-idx1-ubyte"])
    let one = try ImageDataset.load(
      dataset, imageLength: length ?? native, dataDirectory: folder.path)
    let other = try ImageDataset.load(
      dataset, imageLength: length ?? native, dataDirectory: copy.path)
    #expect(one.shape == other.shape)
    #expect(
      try dataset.report(dataDirectory: copy.path).isSubstitute == (name == "cifar100"))
    for (one, other) in [(one.training, other.training), (one.validation, other.validation)] {
      #expect(one.labels == other.labels)
      #expect(values(one, 0..<one.count) == values(other, 0..<other.count))
    }
  }

  @Test("resized images are not resized again")
  func twice() throws {
    let folder = try MadeFiles.pair()
    let copy = try TemporaryFolder()
    let dataset = try DatasetCatalogue.named("fashion_mnist")
    for file in try dataset.idxFiles(imageLength: 3, dataDirectory: folder.path) {
      _ = try copy.file(file.name, file.contents)
    }
    #expect(
      throws: DatasetError(
        .usage, "--image-length",
        "is 4, where the images were resized to 3x3 before: choose that, or other images")
    ) {
      try ImageDataset.load(named: "fashion_mnist", imageLength: 4, dataDirectory: copy.path)
    }
  }

  @Test("floats must be values of pixels", arguments: [Float.nan, -0.1, 1.1, .infinity])
  func floats(value: Float) throws {
    let folder = try MadeFiles.pair()
    let format = IdxFormat(element: .float, axes: 3)
    try remove(folder(MadeFiles.imagesName))
    var numbers = [Float](repeating: 1, count: 40)
    numbers[10] = value
    let path = try folder.file(
      format.fileName, format.file(sizes: [10, 2, 2], .floats(numbers)))
    #expect(
      throws: DatasetError(.dataError, path, "image 2 has the value \(value), outside 0 to 1")
    ) {
      try ImageDataset.load(named: "fashion_mnist", imageLength: 2, dataDirectory: folder.path)
    }
  }

  @Test func report() throws {
    let folder = try MadeFiles.pair(count: 33)
    let report = try DatasetCatalogue.named("fashion_mnist").report(dataDirectory: folder.path)
    #expect(report.files == [folder(MadeFiles.imagesName), folder(MadeFiles.labelsName)])
    #expect(report.count == 33 && report.shape.description == "4x4")
    #expect(report.splitCounts == (26, 7))
    let labels = MadeFiles.noise(33, below: 10)
    #expect(
      report.classCounts == (0..<10).map { label in labels.count { $0 == UInt8(label) } })
  }
}
