public import Estimators
public import Optimizers
public import Records
public import Workers

/// The settings of a run, complete and checked.
public struct TrainingPlan: Sendable {
  /// What the plan was made of, defaults filled in: the run's configuration.
  public let settings: RunSettings
  public let application: any Application.Type
  public let estimator: any EstimatorAlgorithm.Type
  /// Of one microbatch: N/M particles.
  public let estimatorSettings: EstimatorSettings
  /// M.
  public let microbatches: Int
  public let optimizer: OptimizerSpecification
  public let gradientThreshold: Float?
  public let iterations: Int
  /// The iterations whose θ is kept.
  public let keptIterations: KeptIterations
  public let horizon: Int
  public let initSeed: UInt64
  public let remainingSeed: UInt64
  public let evaluation: EvaluationSchedule

  /// The threads to run on: those asked for, or one a core.
  public let pool: WorkerPool

  /// Checks `given`, laid over the defaults.
  ///
  /// - Throws: `SettingsError`, `UnknownName` or `OptimizerSpecificationError`.
  public init(_ given: RunSettings) throws {
    let application = try ApplicationCatalogue.named(
      given.application ?? RunSettings.defaults.application ?? "")
    try checkOwnership(of: given, by: application)
    var settings = try given.over(defaultsOf: application)
    settings.application = application.family
    let checked = Checked(settings)
    let estimator = try EstimatorCatalogue.named(
      checked.required(settings.gradientEstimator, "gradient-estimator", example: "TruncatedPESK"))
    let horizon = try checked.positive(
      settings.horizonLength, "horizon-length", example: "1000", most: 10_000_000)
    let particles = try checked.positive(
      settings.numParticles, "num-particles", example: "30", most: 1_000_000)
    microbatches = try checked.positive(
      settings.numGradientEstimators, "num-gradient-estimators", example: "1")
    guard particles.isMultiple(of: microbatches) else {
      throw SettingsError(
        "--num-particles \(particles) does not divide by --num-gradient-estimators "
          + "\(microbatches): choose a multiple")
    }
    iterations = try checked.positive(
      settings.outerIterations, "outer-iterations", example: "200")
    keptIterations = KeptIterations(
      every: try checked.positive(settings.thetaEvery, "theta-every", example: "100"),
      final: iterations)
    optimizer = try OptimizerSpecification(
      checked.required(
        settings.outerOptimizerSpecs, "outer-optimizer-specs", example: "'SGD||CONSTANT3e0'"))
    gradientThreshold = try settings.gradClipThreshold.map {
      Float(try positiveFloat($0, "grad-clip-threshold"))
    }
    estimatorSettings = EstimatorSettings(
      particleCount: particles / microbatches,
      windowLength: try checked.windowLength(for: estimator, horizon: horizon),
      noisePeriod: try checked.noisePeriod(for: estimator),
      sigma: try checked.sigma(for: estimator),
      normalizesLoss: try checked.normalizesLoss(for: estimator))
    initSeed = try checked.seed(settings.initSeed, "init-seed")
    remainingSeed = try checked.seed(settings.remainingSeed, "remaining-seed")
    evaluation = try EvaluationSchedule(settings)
    try evaluation.check(keptIterations)
    pool = try WorkerPool(threads: settings.threads)
    self.settings = settings
    self.application = application
    self.estimator = estimator
    self.horizon = horizon
  }
}

/// Refuses settings that belong to another application.
private func checkOwnership(
  of settings: RunSettings, by application: any Application.Type
) throws {
  let given = try settings.values()
  for other in ApplicationCatalogue.all where other != application {
    for name in other.ownSettings where given[name.rawValue] != nil {
      throw SettingsError(
        "--\(name.rawValue) is a setting of \(other.family), not of \(application.family): "
          + "leave it out")
    }
  }
}

/// The checks of single settings.
private struct Checked {
  let settings: RunSettings

  init(_ settings: RunSettings) { self.settings = settings }

  func required<Value>(_ value: Value?, _ flag: String, example: String) throws -> Value {
    guard let value else { throw SettingsError.missing(flag, example: example) }
    return value
  }

  /// A positive whole number. Keys of a window and particles are held in memory, which bounds T
  /// and N; other counts are bounded by int32, in which the reference draws.
  func positive(
    _ value: Int?, _ flag: String, example: String, most: Int = Int(Int32.max)
  ) throws -> Int {
    let value = try required(value, flag, example: example)
    guard value >= 1 else { throw SettingsError.atLeast(1, flag, value) }
    guard value <= most else {
      throw SettingsError("--\(flag) is \(value): it must be at most \(most)")
    }
    return value
  }

  func windowLength(for estimator: any EstimatorAlgorithm.Type, horizon: Int) throws -> Int {
    let given = estimator.needsWindowLength ? settings.truncLength : settings.truncLength ?? horizon
    let length = try positive(given, "trunc-length", example: "100")
    guard length <= horizon || !estimator.needsWindowLength else {
      throw SettingsError(
        "--trunc-length \(length) is longer than --horizon-length \(horizon): choose W <= T")
    }
    return length
  }

  func noisePeriod(for estimator: any EstimatorAlgorithm.Type) throws -> Int {
    guard let period = settings.noisePeriod ?? (estimator.needsNoisePeriod ? nil : 1) else {
      throw SettingsError(
        "--K is missing: \(estimator.id) needs the noise period, W for PES, T for NRES")
    }
    guard period >= 1 else { throw SettingsError.atLeast(1, "K", period) }
    return period
  }

  func sigma(for estimator: any EstimatorAlgorithm.Type) throws -> Double {
    guard estimator.smoothsObjective || settings.sigma != nil else { return 0 }
    return try positiveFloat(required(settings.sigma, "sigma", example: "0.3"), "sigma")
  }

  func normalizesLoss(for estimator: any EstimatorAlgorithm.Type) throws -> Bool {
    guard settings.lossNormalize == true else { return false }
    guard estimator.canNormalizeLoss else {
      let able = EstimatorCatalogue.all.filter { $0.canNormalizeLoss }.map { $0.id }
      throw SettingsError(
        "--loss-normalize does not work with \(estimator.id), only with "
          + able.joined(separator: ", "))
    }
    return true
  }

  func seed(_ value: Int?, _ flag: String) throws -> UInt64 {
    let value = try required(value, flag, example: "0")
    guard (0...Int(UInt32.max)).contains(value) else {
      throw SettingsError("--\(flag) is \(value): it must be between 0 and \(UInt32.max)")
    }
    return UInt64(value)
  }
}

/// `value`, if it is positive as a float32 too, in which θ and its noise are held.
///
/// - Throws: `SettingsError` that names `flag`, given without its dashes.
public func positiveFloat(_ value: Double, _ flag: String) throws -> Double {
  guard value > 0, value.isFinite else {
    throw SettingsError("--\(flag) is \(value): it must be positive")
  }
  guard Float(value).isNormal else {
    throw SettingsError("--\(flag) is \(value), which float32 cannot hold: choose another scale")
  }
  return value
}
