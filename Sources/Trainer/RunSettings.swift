import Foundation

/// Every setting of a run, by the reference's flag names; nil means "not given".
///
/// The same keys serve the command line (`--outer-iterations`), presets and `config.json`
/// (`outer-iterations`), and so does this one type: a preset is a partial set of settings, flags
/// are another laid over it, and a run's configuration is the complete one.
public struct RunSettings: Codable, Hashable, Sendable {
  /// The task family: `rl`, `lorenz`, `lopt`.
  public var application: String?
  /// A Gymnasium-v4 environment: `Swimmer-v4`, `HalfCheetah-v4`.
  public var gymEnvName: String?
  /// T: steps of an episode; for `rl` also the environment's time limit.
  public var horizonLength: Int?
  /// The estimator's name.
  public var gradientEstimator: String?
  /// N: particles, over all microbatches.
  public var numParticles: Int?
  /// M: microbatches of N/M particles each, run one after the other.
  public var numGradientEstimators: Int?
  /// W: steps of a truncation window.
  public var truncLength: Int?
  /// K: steps for which one noise is kept; `K` by name.
  public var noisePeriod: Int?
  /// σ: standard deviation of the noise.
  public var sigma: Double?
  /// Whether the gradient is multiplied by σ / the losses' standard deviation.
  public var lossNormalize: Bool?
  /// The outer optimizer, for example `SGD||CONSTANT3e0`.
  public var outerOptimizerSpecs: String?
  /// Number of updates of θ.
  public var outerIterations: Int?
  /// θ is kept of iterations divisible by this, and of the last.
  public var thetaEvery: Int?
  /// Each coordinate of the gradient is cut to ± this before the optimizer.
  public var gradClipThreshold: Double?
  /// Seed of θ₀.
  public var initSeed: Int?
  /// Seed of everything else.
  public var remainingSeed: Int?
  /// Whether to evaluate while training.
  public var runTestDuringTraining: Bool?
  /// Whether to evaluate the saved trajectory after training.
  public var runTestAfterTraining: Bool?
  /// Evaluate at iterations divisible by this.
  public var evalFreq: Int?
  /// After this iteration `secondEvalFreq` takes the place of `evalFreq`.
  public var evalWatershed: Int?
  public var secondEvalFreq: Int?
  /// `linear` or `mlp`.
  public var rlPolicyArchitecture: String?
  /// `zero` or `normal`.
  public var rlInitType: String?
  /// Variance scale of `normal`.
  public var rlInitScale: Double?
  /// A run folder or θ file to take θ₀ from.
  public var rlModelPath: String?
  /// The iteration of that run.
  public var rlModelIteration: Int?
  /// An MJCF file in place of the environment's own model.
  public var model: String?
  /// What a diverged simulation does: `fail` or `reset`.
  public var onDivergence: String?
  /// Seconds of a step of the Lorenz system.
  public var lorenzDt: Double?
  /// log a at iteration 0.
  public var lorenzInitLoga: Double?
  /// log r at iteration 0.
  public var lorenzInitLogr: Double?
  /// Whether episodes of training start at one place; else at one of 100.
  public var lorenzSingleInit: Bool?
  /// The images that inner networks learn: `fashion_mnist`, `cifar10`, `cifar100`.
  public var loptDatasetName: String?
  /// Rows and columns of an image; others are resized.
  public var imageLength: Int?
  /// The folder of the images, where it is not the standard one.
  public var dataDir: String?
  /// Images of a batch, of training and of the outer loss.
  public var loptBatchSize: Int?
  /// Whether the outer loss is of validation images, not of training ones.
  public var useVal: Bool?
  /// Whether the outer loss is minus the accuracy.
  public var useAccuracy: Bool?
  /// Whether each image's cross entropy is cut to 1.5 · log(classes).
  public var useThresholdOuterCrossEntropyLoss: Bool?
  /// `mlp` or `cnn`.
  public var loptInnerModel: String?
  /// `relu` or `gelu`.
  public var loptActivation: String?
  /// Sizes of the hidden layers of `mlp`, between commas.
  public var loptHiddenDims: String?
  /// Channels of the convolutions of `cnn`, between commas.
  public var loptHiddenChannels: String?
  /// The learned optimizer: `MLPLOpt`, `LearnableSGDM`.
  public var loptArchitecture: String?
  /// Units of a hidden layer of `MLPLOpt`.
  public var loptMlploptHiddenSize: Int?
  /// Hidden layers of `MLPLOpt`.
  public var loptMlploptNumHiddenLayers: Int?
  /// Seed of the one network and sequence of batches that every episode has; nil for many.
  public var loptSingleSequenceSeed: Int?
  /// Threads; results do not depend on it.
  public var threads: Int?

  public init() {}

  /// A setting's name, as presets and `config.json` spell it.
  public enum Name: String, CodingKey, CaseIterable, Sendable {
    case application
    case gymEnvName = "gym-env-name"
    case horizonLength = "horizon-length"
    case gradientEstimator = "gradient-estimator"
    case numParticles = "num-particles"
    case numGradientEstimators = "num-gradient-estimators"
    case truncLength = "trunc-length"
    case noisePeriod = "K"
    case sigma
    case lossNormalize = "loss-normalize"
    case outerOptimizerSpecs = "outer-optimizer-specs"
    case outerIterations = "outer-iterations"
    case thetaEvery = "theta-every"
    case gradClipThreshold = "grad-clip-threshold"
    case initSeed = "init-seed"
    case remainingSeed = "remaining-seed"
    case runTestDuringTraining = "run-test-during-training"
    case runTestAfterTraining = "run-test-after-training"
    case evalFreq = "eval-freq"
    case evalWatershed = "eval-watershed"
    case secondEvalFreq = "second-eval-freq"
    case rlPolicyArchitecture = "rl-policy-architecture"
    case rlInitType = "rl-init-type"
    case rlInitScale = "rl-init-scale"
    case rlModelPath = "rl-model-path"
    case rlModelIteration = "rl-model-iteration"
    case model
    case onDivergence = "on-divergence"
    case lorenzDt = "lorenz-dt"
    case lorenzInitLoga = "lorenz-init-loga"
    case lorenzInitLogr = "lorenz-init-logr"
    case lorenzSingleInit = "lorenz-single-init"
    case loptDatasetName = "lopt-dataset-name"
    case imageLength = "image-length"
    case dataDir = "data-dir"
    case loptBatchSize = "lopt-batch-size"
    case useVal = "use-val"
    case useAccuracy = "use-accuracy"
    case useThresholdOuterCrossEntropyLoss = "use-threshold-outer-cross-entropy-loss"
    case loptInnerModel = "lopt-inner-model"
    case loptActivation = "lopt-activation"
    case loptHiddenDims = "lopt-hidden-dims"
    case loptHiddenChannels = "lopt-hidden-channels"
    case loptArchitecture = "lopt-architecture"
    case loptMlploptHiddenSize = "lopt-mlplopt-hidden-size"
    case loptMlploptNumHiddenLayers = "lopt-mlplopt-num-hidden-layers"
    case loptSingleSequenceSeed = "lopt-single-sequence-seed"
    case threads
  }

  typealias CodingKeys = Name

  /// The names of all settings, as presets and `config.json` spell them.
  public static var names: [String] { Name.allCases.map(\.rawValue) }

  /// What holds for any application where neither a preset nor a flag says otherwise.
  public static var defaults: RunSettings {
    var settings = RunSettings()
    settings.application = ControlApplication.family
    settings.numGradientEstimators = 1
    settings.lossNormalize = false
    settings.thetaEvery = 1
    settings.initSeed = 0
    settings.remainingSeed = 0
    settings.runTestDuringTraining = false
    settings.runTestAfterTraining = false
    settings.evalFreq = 1
    return settings
  }

  /// These settings, and where they are nil, the defaults of `application` and of all.
  func over(defaultsOf application: any Application.Type) throws -> RunSettings {
    try over(application.defaults(for: self).over(.defaults))
  }

  /// These settings, and where they are nil, those of `base`.
  public func over(_ base: RunSettings) throws -> RunSettings {
    // Property lists, because JSONSerialization on Linux reads some doubles an ulp off.
    let merged = try base.values().merging(values()) { _, own in own }
    return try PropertyListDecoder().decode(
      RunSettings.self,
      from: PropertyListSerialization.data(fromPropertyList: merged, format: .binary, options: 0))
  }

  /// The same with absolute paths, so that a run can be repeated from any folder.
  var withAbsolutePaths: RunSettings {
    var settings = self
    settings.model = model.map { URL(filePath: $0).path }
    settings.rlModelPath = rlModelPath.map { URL(filePath: $0).path }
    settings.dataDir = dataDir.map { URL(filePath: $0).path }
    return settings
  }

  /// A setting that is given, as text.
  public struct Listed: Hashable, Sendable {
    public var name: String
    public var value: String
  }

  /// The settings that are given, in the order of their names' declaration.
  public func listed() throws -> [Listed] {
    let values = try values()
    return RunSettings.names.compactMap { name in
      values[name].map { Listed(name: name, value: "\($0)") }
    }
  }

  /// The settings that are given, by name.
  func values() throws -> [String: Any] {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    let list = try PropertyListSerialization.propertyList(
      from: encoder.encode(self), options: [], format: nil)
    return list as? [String: Any] ?? [:]
  }
}
