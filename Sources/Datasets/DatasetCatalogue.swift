import Settings

/// A dataset that the system knows by name.
public struct KnownDataset: Sendable {
  /// The files that it is published as.
  enum Layout: Sendable {
    /// A file of images and a file of labels.
    case idx
    /// Files of records, or an idx pair of images with colors that was made of them.
    case cifar(CIFARLayout)
  }

  /// Its name, as flags spell it.
  public let name: String
  /// Labels are 0, 1, …, `classCount` − 1.
  public let classCount: Int
  /// Where a person gets it.
  public let origin: String
  /// Where it is looked for when no folder is given.
  public let standardFolder: String?
  var layout: Layout
}

/// Files of records, all with as many images.
struct CIFARLayout: Sendable {
  /// The files are in this folder or beside it.
  var folder: String
  /// The folder of the version for Python, whose files are pickles.
  var pickleFolder: String
  var files: [String]
  /// A file with fewer is cut short.
  var imagesPerFile: Int
  /// Bytes before an image's pixels.
  var labelBytes: Int
  /// Which of them is the class.
  var labelOffset: Int

  /// What the version for Python has in `folder`, in its own folder or unpacked there.
  func pickles(in folder: String) -> [String] {
    let file = files[0].prefix { $0 != "." }
    return ["\(folder)/\(pickleFolder)", "\(folder)/\(file)"]
  }
}

/// The datasets there are.
public enum DatasetCatalogue {
  /// All of them, in the order of listings.
  public static let all: [KnownDataset] = [
    KnownDataset(
      name: "fashion_mnist", classCount: 10,
      origin: "install Debian's package dataset-fashion-mnist",
      standardFolder: "/usr/share/datasets/fashion-mnist", layout: .idx),
    KnownDataset(
      name: "cifar10", classCount: 10,
      origin: cifarOrigin("CIFAR-10"), standardFolder: nil,
      layout: .cifar(
        CIFARLayout(
          folder: "cifar-10-batches-bin", pickleFolder: "cifar-10-batches-py",
          files: (1...5).map { "data_batch_\($0).bin" },
          imagesPerFile: 10_000, labelBytes: 1, labelOffset: 0))),
    KnownDataset(
      name: "cifar100", classCount: 100,
      origin: cifarOrigin("CIFAR-100"), standardFolder: nil,
      layout: .cifar(
        CIFARLayout(
          folder: "cifar-100-binary", pickleFolder: "cifar-100-python", files: ["train.bin"],
          imagesPerFile: 50_000, labelBytes: 2, labelOffset: 1))),
  ]

  /// The dataset called `name`, capital or small letters.
  ///
  /// - Throws: `UnknownName` with the nearest name and the list.
  public static func named(_ name: String) throws -> KnownDataset {
    try all.named(name, kind: "dataset") { $0.name }
  }

  private static func cifarOrigin(_ name: String) -> String {
    "get '\(name) binary version' from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it"
      + " and name its folder with --data-dir"
  }
}
