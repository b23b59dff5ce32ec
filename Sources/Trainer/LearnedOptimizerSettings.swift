import Datasets
public import Settings
public import Tasks

/// The learned optimizer and what it trains.
package struct LearnedOptimizerSettings: SettingsGroup {
  /// The images that inner networks learn; required.
  package var dataset: String?
  /// Rows and columns of an image; others are resized; required.
  package var imageLength: Int?
  /// The folder of the images, where it is not the standard one.
  package var dataDirectory: String?
  /// Images of a batch, of training and of the outer loss.
  package var batchSize = 128
  /// Whether the outer loss is of validation images, not of training ones.
  package var usesValidation = true
  /// Whether the outer loss is minus the accuracy.
  package var usesAccuracy = false
  /// Whether each image's cross entropy is cut to 1.5 · log(classes).
  package var usesThreshold = false
  /// The network; required.
  package var innerModel: InnerModel?
  package var activation = Activation.relu
  /// Units of the hidden layers of a perceptron.
  package var hiddenUnits = LayerSizes([32])
  /// Channels of the convolutions of a convolutional network.
  package var hiddenChannels: LayerSizes?
  /// The learned optimizer's name.
  package var optimizer = LearnableSGDM.id
  /// The settings that learned optimizers declare, by name.
  package var optimizerSettings: [String: String] = [:]
  /// Seed of the one network and sequence of batches that every episode has; nil for many.
  package var singleSequenceSeed: Int?

  package init() {}

  package static let settings: [Setting<LearnedOptimizerSettings>] =
    problem + outerLoss + network + [
      Setting(
        "lopt-architecture", \.optimizer,
        help: "The learned optimizer: "
          + alternatives(LearnedOptimizerCatalogue.all.map { $0.id })
          + " (default: LearnableSGDM).", valueName: "name")
    ]
    + LearnedOptimizerCatalogue.all.flatMap { $0.ownGroup.declarations }
    .map { Setting($0, in: \.optimizerSettings) } + [
      Setting(
        "lopt-single-sequence-seed", \.singleSequenceSeed,
        help: "Begin every episode with one network and show it the same batches, drawn from this "
          + "seed (default: draw them anew).", valueName: "seed")
    ]

  private static let problem: [Setting<LearnedOptimizerSettings>] = [
    Setting(
      "lopt-dataset-name", \.dataset,
      help: alternatives(DatasetCatalogue.all.map(\.name)) + "; required.",
      valueName: "name", role: .subject),
    Setting(
      "image-length", \.imageLength,
      help: "Rows and columns of an image; others are resized; required.", valueName: "n"),
    Setting(
      "data-dir", \.dataDirectory,
      help: "The folder of the images, an idx pair of one's own included: see `nres help data`; "
        + "fashion_mnist is found without.", valueName: "path", role: .place),
    Setting(
      "lopt-batch-size", \.batchSize,
      help: "Images of a batch, of training and of the outer loss (default: 128).",
      valueName: "n"),
  ]

  private static let outerLoss: [Setting<LearnedOptimizerSettings>] = [
    Setting(
      "use-val", \.usesValidation,
      help: "Take the outer loss of validation images (default), or else of training images."),
    Setting(
      "use-accuracy", \.usesAccuracy,
      help: "Take minus the accuracy as outer loss; not with estimators that differentiate."),
    Setting(
      "use-threshold-outer-cross-entropy-loss", \.usesThreshold,
      help: "Cut each image's outer cross entropy to 1.5 log(classes); cifar10 needs it, but with "
        + "--use-accuracy it changes nothing."),
  ]

  private static let network: [Setting<LearnedOptimizerSettings>] = [
    Setting(
      "lopt-inner-model", \.innerModel,
      help: "The network under training: " + alternatives(InnerModel.allCases.map(\.rawValue))
        + "; required.", valueName: "name"),
    Setting(
      "lopt-activation", \.activation, help: "relu or gelu (default: relu).",
      valueName: "name"),
    Setting(
      "lopt-hidden-dims", \.hiddenUnits,
      help: "Sizes of mlp's hidden layers: 32,32,32 (default: 32).", valueName: "sizes"),
    Setting(
      "lopt-hidden-channels", \.hiddenChannels,
      help: "Channels of cnn's convolutions: 32,32,32,32.", valueName: "sizes"),
  ]
}

extension LearnedOptimizer {
  package static var ownGroup: any SettingsGroup.Type { Settings.self }
}

extension Activation: SettingValue {}

/// Sizes of layers: positive whole numbers between commas.
package struct LayerSizes: Hashable, SettingValue {
  package static var settingKind: SettingKind { .text }
  /// More inner parameters than this are not believed: each particle has some.
  static let most = 10_000_000

  package var values: [Int]

  init(_ values: [Int]) { self.values = values }

  package init(text: String, of name: String) throws(SettingsError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined()
    }
    values = parts.compactMap { Int($0) }
    guard values.count == parts.count, values.count <= 100,
      values.allSatisfy((1...Self.most).contains)
    else {
      throw SettingsError(
        "--\(name) is '\(text)': give positive whole numbers between commas, 32,32,32")
    }
  }

  package var settingText: String? { values.map(\.description).joined(separator: ",") }
}
