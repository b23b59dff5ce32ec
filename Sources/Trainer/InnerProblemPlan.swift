import Datasets
import Parameters
import Settings
import Tasks

/// The settings of learned optimizers, checked before any image is read.
struct InnerProblemPlan {
  let outerLoss: OuterLoss
  let singleSequenceSeed: UInt64?
  private let dataset: KnownDataset
  private let imageLength: Int
  private let dataDirectory: String?
  private let batchSize: Int
  private let usesValidation: Bool
  private let model: InnerModel
  private let makeNetwork: (ImageDataset) throws -> InnerNetwork
  private let optimizer: any LearnedOptimizer

  /// - Throws: `SettingsError` or `UnknownName`.
  init(_ settings: LearnedOptimizerSettings) throws {
    let name = try required(
      settings.dataset, "lopt-dataset-name", example: "fashion_mnist")
    dataset = try DatasetCatalogue.all.named(name, kind: "--lopt-dataset-name") { $0.name }
    imageLength = try inRange(
      required(settings.imageLength, "image-length", example: "8"), "image-length", 1...1024)
    if settings.dataDirectory == "" {
      throw SettingsError("--data-dir is empty: name a folder")
    }
    dataDirectory = settings.dataDirectory
    batchSize = try inRange(settings.batchSize, "lopt-batch-size", 1...1_000_000)
    usesValidation = settings.usesValidation
    outerLoss = try Self.outerLoss(settings, of: dataset)
    model = try required(settings.innerModel, "lopt-inner-model", example: "mlp")
    makeNetwork = try model.maker(settings)
    optimizer = try Self.optimizer(settings)
    singleSequenceSeed = try settings.singleSequenceSeed.map {
      try seed($0, "lopt-single-sequence-seed")
    }
  }

  /// Reads the images and puts all together.
  ///
  /// - Throws: `SettingsError` for sizes that do not go with the images; what reading them throws.
  func problem() throws -> InnerProblem {
    let data = try ImageDataset.load(
      named: dataset.name, imageLength: imageLength, dataDirectory: dataDirectory)
    let network = try makeNetwork(data)
    let count = network.layout.count
    guard count <= LayerSizes.most else {
      throw SettingsError(
        "--lopt-inner-model \(model) of these sizes has \(count) parameters: choose smaller ones, "
          + "up to \(LayerSizes.most)")
    }
    do throws(InnerProblemError) {
      return try InnerProblem(
        data: data, network: network, optimizer: optimizer, outerLoss: outerLoss,
        batchSize: batchSize, usesValidation: usesValidation)
    } catch {
      throw SettingsError(
        "--lopt-batch-size is \(error.batchSize), but there are \(error.count) \(error.split) "
          + "images: choose at most \(error.count)")
    }
  }

  /// The reference insists on thresholds for CIFAR-10, whatever the outer loss.
  private static func outerLoss(
    _ settings: LearnedOptimizerSettings, of dataset: KnownDataset
  ) throws -> OuterLoss {
    guard settings.usesThreshold || dataset.name != "cifar10" else {
      throw SettingsError(
        "--use-threshold-outer-cross-entropy-loss is missing: --lopt-dataset-name cifar10 needs it")
    }
    if settings.usesAccuracy { return .accuracy }
    return settings.usesThreshold ? .thresholdedCrossEntropy : .crossEntropy
  }

  private static func optimizer(
    _ settings: LearnedOptimizerSettings
  ) throws -> any LearnedOptimizer {
    let type = try LearnedOptimizerCatalogue.all.named(
      settings.optimizer, kind: "--lopt-architecture"
    ) { $0.id }
    try refuseSettings(
      settings.optimizerSettings,
      of: LearnedOptimizerCatalogue.all.filter { $0 != type }.map {
        ($0.id, $0.ownGroup.declarations.map(\.name))
      }, for: type.id, relation: "is of")
    return try make(type, settings.optimizerSettings)
  }

  private static func make<Optimizer: LearnedOptimizer>(
    _ type: Optimizer.Type, _ texts: [String: String]
  ) throws -> any LearnedOptimizer {
    try type.init(Optimizer.Settings(reading: texts))
  }
}
