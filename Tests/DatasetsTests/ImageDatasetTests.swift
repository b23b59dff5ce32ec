import Settings
import TestSupport
import Testing

@testable import Datasets

struct ImageDatasetTests {
  /// The reference's small dataset of 8x8 bytes, as a user's idx pair.
  @Test("an idx pair of the asked size has the reference's values and splits")
  func tiny() throws {
    let data = try Golden("estimators/lopt_tiny_dataset")
    let golden = try Golden("eval/lopt_eval")
    let labels = try data.integers("y").map { UInt8($0) }
    let folder = try TemporaryFolder()
    let pixels = try data.integers("X").map { UInt8($0) }
    _ = try folder.file(MadeFiles.imagesName, MadeFiles.idx(0x803, [250, 8, 8], pixels))
    _ = try folder.file(MadeFiles.labelsName, MadeFiles.idx(0x801, [250], labels))
    let dataset = try ImageDataset.load(
      named: "fashion_mnist", imageLength: 8, dataDirectory: folder.path)
    #expect(dataset.name == "fashion_mnist")
    #expect(
      try [dataset.training.count, dataset.validation.count] == golden.integers("train_n_val_n"))
    #expect(try values(dataset.training, 0..<5) == golden.floats("train_Xs_first5"))
    #expect(try values(dataset.validation, 0..<5) == golden.floats("val_Xs_first5"))
    #expect(dataset.validation.labels == labels[200...].map { Int32($0) })
  }

  @Test("an idx pair with three channels is taken for any dataset")
  func colors() throws {
    let folder = try MadeFiles.pair()
    let pixels = MadeFiles.noise(10 * 3 * 16)
    _ = try folder.file("train-images-idx4-ubyte", MadeFiles.idx(0x804, [10, 3, 4, 4], pixels))
    for name in ["cifar10", "cifar100"] {
      let dataset = try ImageDataset.load(named: name, imageLength: 4, dataDirectory: folder.path)
      #expect(values(dataset.training, 0..<8) == pixels.prefix(8 * 48).map { Float($0) / 255 })
    }
    try remove(folder(MadeFiles.imagesName))
    let dataset = try ImageDataset.load(
      named: "fashion_mnist", imageLength: 4, dataDirectory: folder.path)
    #expect(dataset.shape.description == "4x4x3")
  }

  @Test("the published files of CIFAR are taken where an idx pair is gray")
  func besideGray() throws {
    let folder = try MadeFiles.pair()
    let path = try folder.file("train.bin", MadeFiles.records(4, labelBytes: 2, below: 100))
    let report = try KnownDataset.small("cifar100", imagesPerFile: 4)
      .report(dataDirectory: folder.path)
    #expect(report.files == [path] && report.count == 4 && !report.isSubstitute)
  }

  @Test("gzip may have several members and end with zeros; a dot may stand in the name")
  func membersAndNames() throws {
    let plain = try MadeFiles.pair()
    let idx = try [UInt8](contentsOf: plain(MadeFiles.imagesName))
    let labels = try [UInt8](contentsOf: plain(MadeFiles.labelsName))
    let expected = try ImageDataset.load(
      named: "fashion_mnist", imageLength: 4, dataDirectory: plain.path)
    let packed = try MadeFiles.gzip(idx)
    let (start, rest) = (
      try MadeFiles.gzip(Array(idx.prefix(100))), try MadeFiles.gzip(Array(idx[100...]))
    )
    let members = start + rest
    let empty = try MadeFiles.gzip([])
    let padding = [UInt8](repeating: 0, count: 1 << 18)
    for file in [members, packed + [0], members + padding, packed + empty, start + empty + rest] {
      let folder = try TemporaryFolder()
      let path = try folder.file("train-images.idx3-ubyte.gz", file)
      _ = try folder.file("train-labels.idx1-ubyte", labels)
      let dataset = try ImageDataset.load(
        named: "fashion_mnist", imageLength: 4, dataDirectory: folder.path)
      #expect(dataset.training.labels == expected.training.labels)
      #expect(values(dataset.training, 0..<8) == values(expected.training, 0..<8))
      let report = try DatasetCatalogue.named("fashion_mnist").report(dataDirectory: folder.path)
      #expect(report.files == [path, folder("train-labels.idx1-ubyte")])
    }
  }

  @Test("a gzip pair is the pair", arguments: [[true, true], [true, false], [false, true]])
  func gzip(isPacked: [Bool]) throws {
    let plain = try MadeFiles.pair()
    let packed = try MadeFiles.pair()
    for (isPacked, name) in zip(isPacked, try plain.names) where isPacked {
      let bytes = try [UInt8](contentsOf: packed(name))
      _ = try packed.file(name + ".gz", MadeFiles.gzip(bytes))
      try remove(packed(name))
    }
    let one = try ImageDataset.load(
      named: "fashion_mnist", imageLength: 4, dataDirectory: plain.path)
    let other = try ImageDataset.load(
      named: "fashion_mnist", imageLength: 4, dataDirectory: packed.path + "/")
    #expect(values(one.training, 0..<8) == values(other.training, 0..<8))
    #expect(
      one.training.labels + one.validation.labels
        == MadeFiles.noise(10, below: 10).map { Int32($0) })
    #expect(other.training.labels == one.training.labels)
  }

  @Test("CIFAR-10's files follow one another", arguments: ["", "cifar-10-batches-bin/"])
  func cifar10(subfolder: String) throws {
    let folder = try TemporaryFolder()
    try makeFolder(folder(subfolder))
    var expected: [UInt8] = []
    for index in 1...5 {
      let records = MadeFiles.records(3, from: 3 * index, labelBytes: 1, below: 10)
      _ = try folder.file("\(subfolder)data_batch_\(index).bin", records)
      expected += records
    }
    let dataset = try ImageDataset.load(
      .small("cifar10", imagesPerFile: 3), imageLength: 32, dataDirectory: folder.path)
    #expect(dataset.shape.description == "32x32x3")
    #expect(dataset.training.count == 12 && dataset.validation.count == 3)
    for (split, start) in [(dataset.training, 0), (dataset.validation, 12)] {
      for image in 0..<split.count {
        let record = expected[((start + image) * 3073)...].prefix(3073)
        #expect(split.labels[image] == Int32(record.first ?? 255))
        #expect(values(split, [image]) == record.dropFirst().map { Float($0) / 255 })
      }
    }
  }

  @Test("CIFAR-100's class is the fine label", arguments: ["", "cifar-100-binary/"])
  func cifar100(subfolder: String) throws {
    let folder = try TemporaryFolder()
    try makeFolder(folder(subfolder))
    let records = MadeFiles.records(10, labelBytes: 2, below: 100)
    _ = try folder.file("\(subfolder)train.bin", records)
    let dataset = try ImageDataset.load(
      .small("cifar100", imagesPerFile: 10), imageLength: 32, dataDirectory: folder.path)
    #expect(dataset.classCount == 100)
    #expect(dataset.training.labels == (0..<8).map { Int32(records[3074 * $0 + 1]) })
    #expect(
      values(dataset.training, [7])
        == records[(3074 * 7 + 2)...].prefix(3072).map { Float($0) / 255 })
  }

  @Test("the splits are rounded as TensorFlow Datasets rounds them")
  func splits() {
    for count in 3...1000 {
      #expect(ImageDataset.trainingCount(of: count) == Int((Double(count) * 0.8).rounded()))
    }
    #expect(ImageDataset.trainingCount(of: 3) == 2)
  }

  @Test func unknownName() {
    #expect(throws: UnknownName.self) { try ImageDataset.load(named: "cifar", imageLength: 8) }
  }
}
