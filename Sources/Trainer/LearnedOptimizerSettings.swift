import Catalogues
import Datasets
import Parameters
import Tasks

/// The networks that a learned optimizer can train.
public enum InnerModel: String, CaseIterable, Sendable {
  /// A multilayer perceptron.
  case mlp
  /// Convolutions that are pooled.
  case cnn
}

/// The settings of learned optimizers, checked before any image is read.
struct LearnedOptimizerSettings {
  let outerLoss: OuterLoss
  let singleSequenceSeed: UInt64?
  private let dataset: KnownDataset
  private let imageLength: Int
  private let dataDirectory: String?
  private let batchSize: Int
  private let usesValidation: Bool
  private let model: InnerModel
  private let activation: Activation
  /// Of the model's hidden layers: units or channels.
  private let sizes: [Int]
  private let optimizer: any LearnedOptimizer

  /// More inner parameters than this are not believed: each particle has some.
  private static let mostParameters = 10_000_000

  /// - Throws: `SettingsError` or `UnknownName`.
  init(_ settings: RunSettings) throws {
    func required<Value>(_ value: Value?, _ flag: String, example: String) throws -> Value {
      guard let value else { throw SettingsError.missing(flag, example: example) }
      return value
    }
    let name = try required(
      settings.loptDatasetName, "lopt-dataset-name", example: "fashion_mnist")
    dataset = try found("lopt-dataset-name") { try DatasetCatalogue.named(name) }
    imageLength = try inRange(
      required(settings.imageLength, "image-length", example: "8"), "image-length", 1...1024)
    if settings.dataDir == "" { throw SettingsError("--data-dir is empty: name a folder") }
    dataDirectory = settings.dataDir
    batchSize = try inRange(settings.loptBatchSize ?? 0, "lopt-batch-size", 1...1_000_000)
    usesValidation = settings.useVal == true
    outerLoss = try Self.outerLoss(settings, of: dataset)
    model = try named(
      required(settings.loptInnerModel, "lopt-inner-model", example: "mlp"),
      "lopt-inner-model")
    activation = try named(settings.loptActivation ?? "", "lopt-activation")
    // A preset may have the sizes of either model.
    let units = try Self.sizes(settings.loptHiddenDims ?? "", "lopt-hidden-dims")
    let channels = try settings.loptHiddenChannels.map {
      try Self.sizes($0, "lopt-hidden-channels")
    }
    sizes =
      model == .mlp
      ? units : try required(channels, "lopt-hidden-channels", example: "32,32")
    optimizer = try Self.optimizer(settings)
    singleSequenceSeed = try settings.loptSingleSequenceSeed.map {
      UInt64(try inRange($0, "lopt-single-sequence-seed", 0...Int(UInt32.max)))
    }
  }

  /// Reads the images and puts all together.
  ///
  /// - Throws: `SettingsError` for sizes that do not go with the images; what reading them throws.
  func problem() throws -> InnerProblem {
    let data = try ImageDataset.load(
      named: dataset.name, imageLength: imageLength, dataDirectory: dataDirectory)
    let network = try network(for: data)
    let count = network.layout.count
    guard count <= Self.mostParameters else {
      throw SettingsError(
        "--lopt-inner-model \(model) of these sizes has \(count) parameters: choose smaller ones, "
          + "up to \(Self.mostParameters)")
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

  private func network(for data: ImageDataset) throws -> InnerNetwork {
    switch model {
    case .mlp:
      return .perceptron(
        hiddenSizes: sizes, activation: activation, shape: data.shape, classCount: data.classCount)
    case .cnn:
      do throws(InnerNetworkError) {
        return try .convolutional(
          channels: sizes, activation: activation, shape: data.shape, classCount: data.classCount)
      } catch {
        throw SettingsError(
          "--lopt-hidden-channels has \(error.poolings) layers, but images of \(error.shape) cannot "
            + "be halved \(error.poolings) times: choose fewer, or a larger --image-length")
      }
    }
  }

  /// The reference insists on thresholds for CIFAR-10, whatever the outer loss.
  private static func outerLoss(
    _ settings: RunSettings, of dataset: KnownDataset
  ) throws -> OuterLoss {
    let isThresholded = settings.useThresholdOuterCrossEntropyLoss == true
    guard isThresholded || dataset.name != "cifar10" else {
      throw SettingsError(
        "--use-threshold-outer-cross-entropy-loss is missing: --lopt-dataset-name cifar10 needs it")
    }
    if settings.useAccuracy == true { return .accuracy }
    return isThresholded ? .thresholdedCrossEntropy : .crossEntropy
  }

  /// Positive whole numbers between commas.
  private static func sizes(_ text: String, _ flag: String) throws -> [Int] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined()
    }
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.count <= 100,
      sizes.allSatisfy((1...mostParameters).contains)
    else {
      throw SettingsError(
        "--\(flag) is '\(text)': give positive whole numbers between commas, 32,32,32")
    }
    return sizes
  }

  private static func optimizer(_ settings: RunSettings) throws -> any LearnedOptimizer {
    let type = try found("lopt-architecture") {
      try LearnedOptimizerCatalogue.named(settings.loptArchitecture ?? "")
    }
    let (size, layers) = (settings.loptMlploptHiddenSize, settings.loptMlploptNumHiddenLayers)
    guard type is MLPOptimizer.Type else {
      for (isGiven, flag) in [(size != nil, "hidden-size"), (layers != nil, "num-hidden-layers")]
      where isGiven {
        throw SettingsError(
          "--lopt-mlplopt-\(flag) is of MLPLOpt, not of \(type.id): leave it out")
      }
      return type.init()
    }
    return MLPOptimizer(
      hiddenSize: try inRange(
        size ?? MLPOptimizer.usualHiddenSize, "lopt-mlplopt-hidden-size", 1...1024),
      hiddenLayers: try inRange(
        layers ?? MLPOptimizer.usualHiddenLayers, "lopt-mlplopt-num-hidden-layers", 0...9))
  }
}

private func inRange(_ value: Int, _ flag: String, _ range: ClosedRange<Int>) throws -> Int {
  guard range.contains(value) else {
    throw SettingsError(
      "--\(flag) is \(value): it must be between \(range.lowerBound) and \(range.upperBound)")
  }
  return value
}

/// What `look` finds in a catalogue; a name that is unknown there is answered with the flag.
private func found<Entry>(_ flag: String, _ look: () throws -> Entry) throws -> Entry {
  do {
    return try look()
  } catch let unknown as UnknownName {
    throw UnknownName(kind: "--" + flag, name: unknown.name, choices: unknown.choices)
  }
}

/// The case of `Choice` called `name`, capital or small letters.
private func named<Choice: RawRepresentable<String> & CaseIterable>(
  _ name: String, _ flag: String
) throws -> Choice {
  if let choice = Choice(rawValue: name.lowercased()) { return choice }
  throw UnknownName(kind: "--" + flag, name: name, choices: Choice.allCases.map(\.rawValue))
}
