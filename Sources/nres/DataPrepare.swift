import ArgumentParser
import Datasets
import Foundation
import Records
import Settings
import Trainer

/// `nres data prepare`: a checked copy that loads at once.
struct DataPrepare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Check a dataset and write a copy that loads at once, resized if asked for.",
    discussion: """
      EXAMPLES:
        nres data prepare fashion_mnist --image-length 8 --output fashion8
        nres data prepare cifar10 --data-dir downloads --output cifar

      The copy is an idx pair in a new folder, to be named with --data-dir. Pixels stay bytes where \
      no image is resized; where images are, the file has 32-bit floats from 0 to 1 \
      (train-images-idx3-float), which are the numbers that training sees, to the last bit.
      """)

  @Argument(help: ArgumentHelp("The dataset's name: nres data info.", valueName: "dataset"))
  var name: String

  @OptionGroup var source: DataFlags

  @Option(
    name: .customLong("image-length"), parsing: .unconditional,
    help: ArgumentHelp("Rows and columns of an image (default: as they are).", valueName: "n"),
    transform: wholeNumber)
  var imageLength: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The folder to make.", valueName: "folder"))
  var output: String

  func run() throws {
    if output == "" { throw SettingsError("--output is empty: name a folder") }
    let dataset = try DatasetCatalogue.named(name)
    let folder = try source.folder
    // Read before anything is made, so that nothing is left of what cannot be.
    let files = try dataset.idxFiles(imageLength: imageLength, dataDirectory: folder)
    try makeParent()
    try makeFolderAtomically(output) { temporary in
      for file in files { try writeFile(file.contents, to: "\(temporary)/\(file.name)") }
    }
    let report = try dataset.report(dataDirectory: output)
    tell("\(output): \(report.count) images of \(report.shape)")
  }

  /// Makes the folders on the way to the new one, as far as they are missing.
  private func makeParent() throws {
    let parent = URL(filePath: output).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw RecordError(
        .cannotCreate, output,
        "cannot make the folder it is to be in: check the path and its permissions")
    }
  }
}
