public import Estimators
public import Optimizers
public import Records
import Settings
public import Workers

/// The settings of a run, complete and checked.
public struct TrainingPlan: Sendable {
  /// What the plan was made of, defaults filled in: the run's configuration.
  public let settings: RunSettings
  public let application: any Application.Type
  public let estimator: any EstimatorAlgorithm.Type
  /// Of one microbatch: N/M particles.
  public let estimatorSettings: EstimatorSettings
  /// K as it was given, whether or not the estimator needs it.
  public let givenNoisePeriod: Int?
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
    let name = RunSettings.application
    application = try ApplicationCatalogue.named(given[name] ?? ControlApplication.family)
    let chosen = application
    try refuseSettings(
      given.texts,
      of: ApplicationCatalogue.all.filter { $0 != chosen }.map {
        ($0.family, $0.ownGroup.declarations.map(\.name))
      }, for: chosen.family, relation: "is a setting of")
    var settings = given.over(chosen.defaults(for: given)).over(.defaults)
    settings[name] = chosen.family
    settings["horizon-length"] = settings["horizon-length"] ?? "\(chosen.horizon)"
    self.settings = settings

    let choice: EstimatorChoice = try settings.group()
    estimator = try EstimatorCatalogue.named(
      required(choice.estimator, "gradient-estimator", example: "TruncatedPESK"))
    horizon = try choice.checkedHorizon()
    estimatorSettings = try choice.checked(for: estimator, horizon: horizon)
    microbatches = choice.microbatches
    givenNoisePeriod = choice.noisePeriod

    let loop: LoopSettings = try settings.group()
    iterations = try positive(loop.iterations, "outer-iterations", example: "200")
    keptIterations = KeptIterations(
      every: try positive(loop.thetaEvery, "theta-every", example: "100"), final: iterations)
    optimizer = try OptimizerSpecification(
      required(loop.optimizer, "outer-optimizer-specs", example: "'SGD||CONSTANT3e0'"))
    gradientThreshold = try loop.gradientThreshold.map {
      Float(try positiveFloat($0, "grad-clip-threshold"))
    }
    initSeed = try seed(loop.initSeed, "init-seed")
    remainingSeed = try seed(loop.remainingSeed, "remaining-seed")
    pool = try WorkerPool(threads: loop.threads)

    evaluation = try EvaluationSchedule(settings.group())
    try evaluation.check(keptIterations)
  }
}
