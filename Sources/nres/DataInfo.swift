import ArgumentParser
import Datasets
import Records
import Settings
import Trainer

/// `nres data info`: what is there, and what is missing.
struct DataInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Read all data there is, and say where a person gets the rest.",
    discussion: "Whatever is there is read and checked to its last byte.")

  @Argument(help: ArgumentHelp("Only this dataset (default: all).", valueName: "dataset"))
  var name: String?

  @OptionGroup var source: DataFlags

  func run() throws {
    let folder = try source.folder
    if let name {
      let dataset = try DatasetCatalogue.named(name)
      return try describe(dataset, dataset.report(dataDirectory: folder))
    }
    var broken: DatasetError?
    var isAnyThere = false
    for dataset in DatasetCatalogue.all {
      let report: DatasetReport
      do {
        report = try dataset.report(dataDirectory: folder)
      } catch {
        try printLine("\(dataset.name)\n  \(error)")
        // What nobody has got yet is news, not a failure.
        if error.kind != .noInput { broken = broken ?? error }
        continue
      }
      isAnyThere = true
      try describe(dataset, report)
    }
    if let broken { throw broken }
    if let folder, !isAnyThere { throw RecordError(.noInput, folder, "has none of this data") }
  }

  private func describe(_ dataset: KnownDataset, _ report: DatasetReport) throws {
    try printLine(dataset.name)
    for file in report.files { try printLine("  \(file)") }
    if report.isSubstitute { try printLine("  an idx pair, in place of the published files") }
    if report.labelOffset != 0 { try printLine("  \(report.labelsLine)") }
    let least = report.classCounts.min() ?? 0
    let most = report.classCounts.max() ?? 0
    let each = least == most ? "\(least)" : "\(least) to \(most)"
    try printLine(
      "  \(report.count) images of \(report.shape) in \(dataset.classCount) classes, \(each) each: "
        + "\(report.splitCounts.training) to train, \(report.splitCounts.validation) to validate")
  }
}

/// Where data is looked for.
struct DataFlags: ParsableArguments {
  @Option(
    name: .customLong("data-dir"), parsing: .unconditional,
    help: ArgumentHelp(
      "The data's folder (default: where Debian's package puts Fashion-MNIST).",
      valueName: "folder"))
  var dataDirectory: String?

  /// The folder that was asked for; nil for the standard one.
  var folder: String? {
    get throws {
      if dataDirectory == "" { throw SettingsError("--data-dir is empty: name a folder") }
      return dataDirectory
    }
  }
}
