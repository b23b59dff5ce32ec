import Foundation
public import Parameters
public import Randomness

/// Three outer iterations of an estimator as the reference ran them.
public struct GoldenRun: Sendable {
  public let golden: Golden
  public let flags: Flags
  /// Key of the estimator's start.
  public let startKey: PRNGKey
  /// Keys of the windows of iterations 1, 2, …
  public let windowKeys: [PRNGKey]

  /// The reference's flags.
  public struct Flags: Decodable, Sendable {
    public var horizonLength: Int
    public var particleCount: Int
    public var windowLength: Int
    public var noisePeriod: Int?
    public var sigma: Double
    public var normalizesLoss: Bool
    public var optimizer: String
    public var initSeed: UInt64
    public var remainingSeed: UInt64
    public var estimator: String
    public var environment: String?
    public var initialization: String?
    public var initializationScale: Double?
    public var application: String
    public var lorenzTimestep: Double?
    public var lorenzLogA: Double?
    public var lorenzLogR: Double?
    public var lorenzStartsAtOnePlace: Bool?
    public var innerBatchSize: Int?
    public var innerModel: String?
    public var innerActivation: String?
    /// Sizes with commas between them.
    public var innerHiddenSizes: String?
    /// Channels with commas between them.
    public var innerChannels: String?
    public var learnedOptimizer: String?
    public var usesValidation: Bool?
    public var usesAccuracy: Bool?
    public var thresholdsOuterLoss: Bool?
    public var singleSequenceSeed: UInt64?

    private enum CodingKeys: String, CodingKey {
      case horizonLength = "horizon_length"
      case particleCount = "num_particles"
      case windowLength = "trunc_length"
      case noisePeriod = "K"
      case normalizesLoss = "loss_normalize"
      case optimizer = "outer_optimizer_specs"
      case initSeed = "init_seed"
      case remainingSeed = "remaining_seed"
      case estimator = "gradient_estimator"
      case environment = "gym_env_name"
      case initialization = "rl_init_type"
      case initializationScale = "rl_init_scale"
      case lorenzTimestep = "lorenz_dt"
      case lorenzLogA = "lorenz_init_loga"
      case lorenzLogR = "lorenz_init_logr"
      case lorenzStartsAtOnePlace = "lorenz_single_init"
      case innerBatchSize = "lopt_batch_size"
      case innerModel = "lopt_inner_model"
      case innerActivation = "lopt_activation"
      case innerHiddenSizes = "lopt_hidden_dims"
      case innerChannels = "lopt_hidden_channels"
      case learnedOptimizer = "lopt_architecture"
      case usesValidation = "use_val"
      case usesAccuracy = "use_accuracy"
      case thresholdsOuterLoss = "use_threshold_outer_cross_entropy_loss"
      case singleSequenceSeed = "lopt_single_sequence_seed"
      case sigma, application
    }
  }

  private struct File: Decodable { var flags: Flags }

  /// The names of the runs in `folder` that begin with `prefix`.
  public static func names(in folder: String, _ prefix: String) -> [String] {
    let path = Golden.folder.appending(path: folder).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasPrefix(prefix) }.map { String($0.dropLast(".json".count)) }.sorted()
  }

  /// Runs in which episodes end early, in the folder `absorb`.
  public static let absorbed = names(in: "absorb", "rl_").filter { !$0.hasSuffix("_eval") }

  public init(_ name: String, in folder: String = "estimators") throws {
    golden = try Golden("\(folder)/\(name)")
    let url = Golden.folder.appending(path: "\(folder)/\(name).json")
    flags = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).flags
    let iterations = golden.names.count { $0.hasPrefix("mean_loss") }
    var (start, key) = PRNGKey(seed: flags.remainingSeed).split()
    startKey = start.split(1, at: 0)
    start = key
    var keys: [PRNGKey] = []
    for iteration in 0...iterations {
      let parts = key.split(4)
      key = parts[3]
      if iteration > 0 {
        let (worker, _) = parts[2].split()
        keys.append(worker.split().1)
      }
    }
    windowKeys = keys
  }

  /// θ (`kind` "theta") or the gradient ("grad") of iteration `iteration`, flat.
  public func vector(_ kind: String, _ iteration: Int, layout: ParameterLayout) throws -> [Float] {
    try layout.leaves.flatMap { try golden.floats("\(kind)\(iteration)/\($0.name)") }
  }
}

/// ‖a − b‖ / ‖b‖ in the Euclidean norm.
public func relativeDistance(_ a: [Float], _ b: [Float]) -> Double {
  precondition(a.count == b.count, "vectors of different lengths")
  let distance = zip(a, b).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
  let norm = b.reduce(0.0) { $0 + pow(Double($1), 2) }
  return (distance / norm).squareRoot()
}
