import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Each trouble is named in one line, with the file and what would be right.
struct BadDataTests {
  static let images = MadeFiles.imagesName
  static let labels = MadeFiles.labelsName
  static let fashion = "for fashion_mnist, install Debian's package dataset-fashion-mnist"

  /// What is changed in a good pair, and what it is answered.
  struct Trouble: Sendable, CustomTestStringConvertible {
    var file: String
    /// Nil removes the file.
    var bytes: [UInt8]?
    var kind = DatasetError.Kind.dataError
    var cause: String
    var testDescription: String { cause }
  }

  static let troubles: [Trouble] = {
    let good = MadeFiles.idx(0x803, [10, 4, 4], MadeFiles.noise(160))
    let goodLabels = MadeFiles.idx(0x801, [10], MadeFiles.noise(10, below: 10))
    return [
      Trouble(
        file: images, bytes: nil, kind: .noInput, cause: "no such file, nor with .gz; \(fashion)"),
      Trouble(
        file: labels, bytes: nil, kind: .noInput, cause: "no such file, nor with .gz; \(fashion)"),
      Trouble(file: images, bytes: [], cause: "is empty"),
      Trouble(
        file: images, bytes: [0, 0], cause: "ends after 2 bytes, before all that it promises"),
      Trouble(
        file: images, bytes: goodLabels,
        cause: "begins with 0x00000801, where \(images) begins with 0x00000803"),
      Trouble(
        file: labels, bytes: good,
        cause: "begins with 0x00000803, where \(labels) begins with 0x00000801"),
      Trouble(
        file: images, bytes: good.dropLast(),
        cause: "is truncated: its 175 bytes cannot hold the 160 that it promises"),
      Trouble(
        file: images, bytes: good + [0], cause: "goes on after the 176 bytes that it promises"),
      Trouble(file: images, bytes: MadeFiles.idx(0x803, [0, 4, 4], []), cause: "has 0 images"),
      Trouble(file: images, bytes: MadeFiles.idx(0x803, [9, 4, 0], []), cause: "has 0 columns"),
      Trouble(
        file: images, bytes: MadeFiles.idx(0x803, [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], []),
        cause: "promises 4294967295x4294967295x4294967295 values; 1073741824 at most are believed"),
      Trouble(
        file: images, bytes: MadeFiles.idx(0x803, [1 << 18, 64, 64], []),
        cause: "is truncated: its 16 bytes cannot hold the 1073741824 that it promises"),
      Trouble(
        file: labels, bytes: MadeFiles.idx(0x801, [9], MadeFiles.noise(9, below: 10)),
        cause: "has 9 labels for the 10 images of FOLDER/\(images)"),
      Trouble(
        file: labels, bytes: MadeFiles.idx(0x801, [10], [0, 1, 2, 9, 10, 0, 0, 0, 0, 0]),
        cause: "image 4 has label 10, where fashion_mnist has 0 to 9"),
    ]
  }()

  @Test(arguments: troubles)
  func idx(trouble: Trouble) throws {
    let folder = try MadeFiles.pair()
    if let bytes = trouble.bytes {
      _ = try folder.file(trouble.file, bytes)
    } else {
      try remove(folder(trouble.file))
    }
    try expect(
      trouble.kind, folder(trouble.file),
      trouble.cause.replacing("FOLDER", with: folder.path), "fashion_mnist", in: folder)
  }

  @Test("broken gzip is told from good")
  func gzip() throws {
    let idx = MadeFiles.idx(0x803, [10, 4, 4], MadeFiles.noise(160))
    let good = try MadeFiles.gzip(idx)
    let tail = "something that is no gzip follows the gzip content: get it again"
    var checksum = good
    checksum[good.count - 8] ^= 1
    var body = good
    for index in 60..<70 { body[index] = 0xFF }
    // Promises what no gzip file of this size can hold.
    let lying = try MadeFiles.gzip(
      MadeFiles.idx(0x803, [1000, 30, 30], MadeFiles.noise(100)))
    let longer = try MadeFiles.gzip(MadeFiles.idx(0x803, [10, 4, 4], MadeFiles.noise(161)))
    let truncated = "the gzip file is truncated: get it again"
    let broken = "the gzip file is broken: get it again"
    let cases: [([UInt8], String)] = [
      (Array(good.dropLast(20)), truncated), (Array(good.dropLast(2)), truncated),
      (Array(good.prefix(15)), truncated), (checksum, broken), (body, broken),
      (Array("not packed".utf8), "is not gzip, as its name says"),
      (
        lying,
        "is truncated: its \(lying.count) bytes cannot hold the 900000 that it promises"
      ),
      (longer, "goes on after the 176 bytes that it promises"),
      ([], "is empty"), (good + Array("garbage".utf8), tail), (good + [0, 0, 1], tail),
      (good + [0, 0] + good, tail), (good + [0x1F], truncated), (good + [0x1F, 0x8C], broken),
      (good + good, "goes on after the 176 bytes that it promises"),
      (
        try MadeFiles.gzip(Array(idx.prefix(100))),
        "ends after 100 bytes, before all that it promises"
      ),
    ]
    for (bytes, cause) in cases {
      let folder = try MadeFiles.pair()
      try remove(folder(Self.images))
      let file = try folder.file(Self.images + ".gz", bytes)
      try expect(.dataError, file, cause, "fashion_mnist", in: folder)
    }
  }

  @Test("a pair whose counts differ is not unpacked")
  func bomb() throws {
    let folder = try MadeFiles.pair()
    try remove(folder(Self.images))
    // Ends after the header, which promises a gibibyte.
    let header = try MadeFiles.gzip(
      MadeFiles.idx(0x803, [1 << 18, 64, 64], MadeFiles.noise(1 << 20)))
    _ = try folder.file(Self.images + ".gz", header.dropLast(100))
    try expect(
      .dataError, folder(Self.labels),
      "has 10 labels for the 262144 images of \(folder(Self.images + ".gz"))", "fashion_mnist",
      in: folder)
  }

  @Test("labels of more bits are read, and refused where they are no classes")
  func labelTypes() throws {
    let folder = try MadeFiles.pair()
    func expectLabels(_ magic: Int, _ bytes: [UInt8], _ labels: [Int32]) throws {
      _ = try folder.file(Self.labels, MadeFiles.idx(magic, [10], bytes))
      let dataset = try ImageDataset.load(
        named: "fashion_mnist", imageLength: 4, dataDirectory: folder.path)
      #expect(dataset.training.labels + dataset.validation.labels == labels)
    }
    let labels: [UInt8] = [0, 1, 2, 9, 8, 7, 6, 5, 4, 3]
    try expectLabels(0xC01, labels.flatMap { [0, 0, 0, $0] }, labels.map { Int32($0) })
    try expectLabels(0xB01, labels.flatMap { [0, $0] }, labels.map { Int32($0) })
    try expectLabels(0x901, labels, labels.map { Int32($0) })
    // Counted from 1, as EMNIST's letters are.
    try expectLabels(0x801, [1, 2, 3, 10, 9, 8, 7, 6, 5, 4], labels.map { Int32($0) })
    try expectLabels(0x801, [1, 2, 3, 9, 9, 8, 7, 6, 5, 4], [1, 2, 3, 9, 9, 8, 7, 6, 5, 4])
    for (magic, label, name) in [
      (0xC01, [255, 255, 255, 255], "-1"), (0xC01, [0, 0, 1, 0], "256"),
    ] {
      let bytes = labels.flatMap { [0, 0, 0, $0] }.dropLast(4) + label.map { UInt8($0) }
      let file = try folder.file(Self.labels, MadeFiles.idx(magic, [10], Array(bytes)))
      try expect(
        .dataError, file, "image 9 has label \(name), where fashion_mnist has 0 to 9",
        "fashion_mnist", in: folder)
    }
    let file = try folder.file(
      Self.labels, MadeFiles.idx(0x801, [10], [1, 2, 3, 26, 10, 8, 7, 6, 5, 4]))
    try expect(
      .dataError, file, "image 3 has label 26, where fashion_mnist has 0 to 9", "fashion_mnist",
      in: folder)
  }

  @Test("what is there under another name, or for Python, is named")
  func hints() throws {
    let folder = try MadeFiles.pair()
    let other = "emnist-digits-\(Self.images).gz"
    _ = try folder.file(other, MadeFiles.gzip([UInt8](contentsOf: folder(Self.images))))
    try remove(folder(Self.images))
    try expect(
      .noInput, folder(Self.images), "no such file, but \(other): rename it", "fashion_mnist",
      in: folder)
    for (name, file) in [
      ("cifar10", "data_batch_1"), ("cifar10", "cifar-10-batches-py"), ("cifar100", "train"),
      ("cifar100", "cifar-100-python"),
    ] {
      let folder = try TemporaryFolder()
      let path = try folder.file(file, [0x80])
      let origin = try DatasetCatalogue.named(name).origin
      try expect(
        .noInput, path, "is the version for Python, which is not read; for \(name), \(origin)",
        name,
        in: folder)
    }
  }

  @Test func fewImages() throws {
    let folder = try MadeFiles.pair(count: 2)
    try expect(
      .dataError, folder(Self.images),
      "has 2 images; 3 is the least, so that some train and some validate", "fashion_mnist",
      in: folder)
    _ = try MadeFiles.pair(count: 3, in: folder)
    let dataset = try ImageDataset.load(
      named: "fashion_mnist", imageLength: 4, dataDirectory: folder.path)
    #expect(dataset.training.count == 2 && dataset.validation.count == 1)
  }

  @Test func cifar() throws {
    let origin =
      "get 'CIFAR-10 binary version' from https://www.cs.toronto.edu/~kriz/cifar.html,"
      + " unpack it and name its folder with --data-dir"
    let folder = try TemporaryFolder()
    try expect(
      .noInput, folder("data_batch_1.bin"), "no such file; for cifar10, \(origin)", "cifar10",
      in: folder)
    for index in 1...4 {
      _ = try folder.file(
        "data_batch_\(index).bin", MadeFiles.records(2, labelBytes: 1, below: 10))
    }
    let last = folder("data_batch_5.bin")
    try expect(.noInput, last, "no such file; for cifar10, \(origin)", "cifar10", in: folder)
    let record = [UInt8](repeating: 9, count: 3073)
    let troubles: [([UInt8], String)] = [
      (Array(record.dropLast()), "is cut short: its 3072 bytes hold 0 of 2 images: get it again"),
      (record, "is cut short: its 3073 bytes hold 1 of 2 images: get it again"),
      (record + record + [0], "has more than 2 images: its 6147 bytes hold 2: get it again"),
      (record + record + record, "has more than 2 images: its 9219 bytes hold 3: get it again"),
      (record + [77] + record.dropFirst(), "image 1 has label 77, where cifar10 has 0 to 9"),
    ]
    let small = try KnownDataset.small("cifar10", imagesPerFile: 2)
    for (bytes, cause) in troubles {
      _ = try folder.file("data_batch_5.bin", bytes)
      #expect(throws: DatasetError(.dataError, last, cause)) {
        try small.report(dataDirectory: folder.path)
      }
    }
    _ = try folder.file("data_batch_5.bin", record + record)
    #expect(try small.report(dataDirectory: folder.path).count == 10)
    try expect(
      .dataError, folder("data_batch_1.bin"),
      "is cut short: its 6146 bytes hold 2 of 10000 images: get it again", "cifar10", in: folder)
    try expect(
      .noInput, "cifar10", "no --data-dir was given: \(origin)", "cifar10", in: nil)
    try expect(
      .noInput, folder("train.bin"),
      "no such file; for cifar100, " + origin.replacing("CIFAR-10", with: "CIFAR-100"), "cifar100",
      in: folder)
  }

  @Test("images of another dataset are not taken for CIFAR", arguments: ["cifar10", "cifar100"])
  func gray(name: String) throws {
    let folder = try MadeFiles.pair()
    let origin = try DatasetCatalogue.named(name).origin
    try expect(
      .noInput, folder(Self.images),
      "has gray images, where \(name) has 3 channels; for \(name), \(origin)",
      name, in: folder)
    for channels in [1, 2, 4] {
      let file = try folder.file(
        "train-images-idx4-ubyte",
        MadeFiles.idx(0x804, [10, channels, 4, 4], MadeFiles.noise(160 * channels)))
      try expect(
        .dataError, file, "has images with \(channels) channels, where \(name) has 3", name,
        in: folder)
    }
  }

  @Test("a folder that is none, or a folder instead of a file")
  func folders() throws {
    let folder = try MadeFiles.pair()
    #expect(throws: DatasetError(.noInput, folder("no"), "no such folder; \(Self.fashion)")) {
      try ImageDataset.load(
        named: "fashion_mnist", imageLength: 4, dataDirectory: folder("no"))
    }
    try remove(folder(Self.images))
    try makeFolder(folder(Self.images))
    try expect(
      .noInput, folder(Self.images), "is not a regular file", "fashion_mnist", in: folder)
  }

  @Test(arguments: [-1, 0, 1025, Int.max])
  func lengths(length: Int) {
    #expect(
      throws: DatasetError(
        .usage, "--image-length",
        "is \(length), which is no length of an image: choose from 1 to 1024")
    ) {
      try ImageDataset.load(named: "fashion_mnist", imageLength: length)
    }
  }

  @Test("what would take too much memory is refused before it does")
  func size() throws {
    let folder = try MadeFiles.pair(count: 300)
    let error = #expect(throws: DatasetError.self) {
      try ImageDataset.load(
        named: "fashion_mnist", imageLength: 1024, dataDirectory: folder.path)
    }
    #expect(
      error?.description
        == "--image-length is 1024: 300 images of 1024x1024 would take 1200 MiB, where 1024 are "
        + "allowed: choose a smaller length")
  }

  private func expect(
    _ kind: DatasetError.Kind, _ subject: String, _ cause: String, _ name: String,
    in folder: TemporaryFolder?, at location: SourceLocation = #_sourceLocation
  ) throws {
    let error = #expect(throws: DatasetError.self, sourceLocation: location) {
      try ImageDataset.load(named: name, imageLength: 4, dataDirectory: folder?.path)
    }
    #expect(error == DatasetError(kind, subject, cause), sourceLocation: location)
    #expect(error?.description == "\(subject): \(cause)", sourceLocation: location)
  }
}

func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

func makeFolder(_ path: String) throws {
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

extension [UInt8] {
  init(contentsOf path: String) throws {
    self = Array(try Data(contentsOf: URL(filePath: path)))
  }
}
