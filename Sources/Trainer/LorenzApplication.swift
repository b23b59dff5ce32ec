public import Estimators
public import Parameters
public import Randomness
public import Tasks
public import Workers

/// Finding the parameters of a Lorenz system from a trajectory of the true ones.
public struct LorenzApplication: Application {
  public static let family = "lorenz"
  public static let ownSettings: [RunSettings.Name] = [
    .lorenzDt, .lorenzInitLoga, .lorenzInitLogr, .lorenzSingleInit,
  ]
  public static var defaults: RunSettings {
    var settings = RunSettings()
    settings.horizonLength = Lorenz.paperHorizon
    settings.lorenzDt = Lorenz.paperTimestep
    settings.lorenzInitLoga = Lorenz.paperTheta.logA
    settings.lorenzInitLogr = Lorenz.paperTheta.logR
    settings.lorenzSingleInit = false
    return settings
  }
  public static let headline = Headline(
    tag: "test/unperturbed_meta_test_loss", label: "test loss", isHigherBetter: false, decimals: 3)

  /// The system that θ is trained on.
  public let training: Lorenz
  /// The system that θ is tested on, whose episodes start anywhere.
  public let test: Lorenz

  public var name: String { training.name }
  public var layout: ParameterLayout { training.layout }

  public init(_ plan: TrainingPlan) throws {
    let settings = plan.settings
    let timestep = try positiveFloat(settings.lorenzDt ?? 0, "lorenz-dt")
    let logA = try logarithm(settings.lorenzInitLoga, "lorenz-init-loga")
    let logR = try logarithm(settings.lorenzInitLogr, "lorenz-init-logr")
    training = Lorenz(
      horizon: plan.horizon, timestep: timestep, logA: logA, logR: logR,
      start: settings.lorenzSingleInit == true ? .fixed : .finiteGaussian)
    test = training.with(start: .gaussian)
  }

  public func initialParameters(key: PRNGKey) -> [Float] { training.initialParameters(key: key) }

  public func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try plan.estimator.make(
      training, settings: plan.estimatorSettings, theta: theta, key: key, pool: pool)
  }

  public func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] {
    func scalars(
      _ tag: String, _ system: Lorenz, key: PRNGKey, sigma: Float
    ) throws -> [Scalar] {
      let losses = try system.episodeLosses(
        theta: theta, key: key, sigma: sigma, noisePeriod: plan.settings.noisePeriod, pool: pool)
      return EpisodeStatistics(losses.map { Double($0) }).scalars(tag)
    }
    let tested = try scalars(Self.headline.tag, test, key: keys.test, sigma: 0)
    guard plan.estimator.smoothsObjective else { return tested }
    return try tested
      + scalars(
        "test/smoothed_meta_train_loss", training, key: keys.smoothed,
        sigma: Float(plan.estimatorSettings.sigma))
  }

  public func scalars(of theta: [Float]) -> [Scalar] {
    [Scalar("\(name)/log(a)", Double(theta[0])), Scalar("\(name)/log(r)", Double(theta[1]))]
  }
}

/// The logarithm of a parameter that float32 can hold.
private func logarithm(_ value: Double?, _ flag: String) throws -> Double {
  let limit = 80.0
  guard let value, abs(value) <= limit else {
    throw SettingsError(
      "--\(flag) is \(value ?? .nan): it must be between -\(Int(limit)) and \(Int(limit)), "
        + "where float32 holds its exponential")
  }
  return value
}
