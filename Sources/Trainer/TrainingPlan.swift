package import Estimators
package import Optimizers
import Randomness
package import Records
import Settings
import Unrolls
package import Workers

/// The settings of a run, complete and checked.
package struct TrainingPlan: Sendable {
  /// What the plan was made of, defaults filled in: the run's configuration.
  package let settings: RunSettings
  package let application: any Application.Type
  package let estimator: any EstimatorAlgorithm.Type
  /// Its name, as it was given.
  let estimatorName: String
  /// Of one microbatch: N/M particles.
  package let estimatorSettings: EstimatorSettings
  /// K as it was given, whether or not the estimator needs it.
  package let givenNoisePeriod: Int?
  /// M.
  package let microbatches: Int
  package let optimizer: OptimizerSpecification
  package let gradientThreshold: Float?
  package let iterations: Int
  /// The iterations whose θ is kept.
  package let keptIterations: KeptIterations
  package let logEvery: Int
  package let hasReferenceTags: Bool
  package let checkpointPeriod: CheckpointPeriod
  package let horizon: Int
  package let onNonFinite: NonFinitePolicy
  package let initSeed: UInt64
  package let remainingSeed: UInt64
  package let evaluation: EvaluationSchedule
  /// When the run ends by its evaluations.
  let earlyEnd: EarlyEnd

  /// The threads to run on: those asked for, or one for each processor that it may use.
  package let pool: WorkerPool

  /// Checks `given`, laid over the defaults.
  ///
  /// - Parameters:
  ///   - cancellation: Asked while ``pool`` or the application works.
  ///   - exchange: The processes that share the run; nil for this one alone.
  /// - Throws: `SettingsError`, `UnknownName` or `OptimizerSpecificationError`.
  package init(
    _ given: RunSettings, cancellation: Cancellation = .never, exchange: (any Exchange)? = nil
  ) throws {
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
    settings["horizon-length"] =
      try settings["horizon-length"] ?? "\(chosen.horizon(for: settings))"
    let alias = EstimatorAlias(in: settings)
    settings = try alias?.resolve(in: settings) ?? settings
    self.settings = settings

    let choice: EstimatorChoice = try settings.group()
    estimator = try estimatorAlgorithm(
      required(choice.estimator, "gradient-estimator", example: "TruncatedPESK"))
    estimatorName = alias?.name ?? estimator.id
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
    logEvery = try positive(loop.logEvery, "log-every", example: "100")
    hasReferenceTags = loop.hasReferenceTags
    checkpointPeriod = loop.checkpointEvery
    gradientThreshold = try loop.gradientThreshold.map {
      Float(try positiveFloat($0, "grad-clip-threshold"))
    }
    onNonFinite = loop.onNonFinite
    initSeed = try seed(loop.initSeed, "init-seed")
    remainingSeed = try seed(loop.remainingSeed, "remaining-seed")
    var pool = try WorkerPool(threads: loop.threads, cancellation: cancellation)
    pool.exchange = exchange
    self.pool = pool

    evaluation = try EvaluationSchedule(settings.group())
    try evaluation.check(keptIterations)
    earlyEnd = try EarlyEnd(loop, evaluation)
  }

  /// Draws θ₀.
  var initialKey: PRNGKey { PRNGKey(seed: initSeed) }

  /// The same with another value of the setting called `name`.
  func with(_ name: String, _ text: String) throws -> TrainingPlan {
    var settings = settings
    settings[name] = text
    return try TrainingPlan(
      settings, cancellation: pool.cancellation, exchange: pool.exchange)
  }

  /// Throws where the estimator cannot run on `task`.
  func checkEstimator(of task: some UnrolledTask) throws {
    do {
      try estimator.check(task)
    } catch EstimatorError.needsDerivatives(_, let task) {
      throw EstimatorError.needsDerivatives(estimator: estimatorName, task: task)
    }
  }

  /// The application, which may read files.
  package func makeApplication() throws -> any Application { try application.init(self) }
}

/// The estimator called `name`; the choices of the error have the names of papers too.
func estimatorAlgorithm(_ name: String) throws -> any EstimatorAlgorithm.Type {
  do {
    return try EstimatorCatalogue.named(name)
  } catch let unknown as UnknownName {
    throw UnknownName(
      kind: unknown.kind, name: name,
      choices: unknown.choices + EstimatorAlias.all.map(\.name))
  }
}
