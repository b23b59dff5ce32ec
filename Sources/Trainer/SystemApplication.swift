package import Estimators
package import Parameters
package import Randomness
package import Snapshots
package import Tasks
import Unrolls
package import Workers

/// Finding the parameters of a dynamical system by the loss along its trajectories.
package struct SystemApplication<System: ListedSystem>: Application {
  package typealias Settings = System.Settings

  package static var family: String { System.id }
  package static var title: String { "System" }
  package static var horizon: Int { System.usualHorizon }
  package static var headline: Headline {
    Headline(
      tag: "test/unperturbed_meta_test_loss", label: "test loss", isHigherBetter: false,
      decimals: 3)
  }

  /// The system that θ is trained on.
  package let training: System
  /// The system that θ is tested on.
  package let test: System

  package var name: String { training.name }
  package var layout: ParameterLayout { training.layout }

  package init(_ plan: TrainingPlan) throws {
    training = try System(plan.settings.group(System.Settings.self), horizon: plan.horizon)
    test = training.testSystem
    try plan.checkEstimator(of: training)
  }

  package func initialParameters(key: PRNGKey) throws -> [Float] {
    try training.initialParameters(key: key)
  }

  package func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool,
    state: Snapshot?, share: ParticleShare?
  ) throws -> any GradientEstimator {
    try plan.estimator.make(
      training, settings: plan.estimatorSettings, theta: theta, key: key, pool: pool,
      state: state, share: share)
  }

  package func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] {
    func scalars(
      _ tag: String, _ system: System, key: PRNGKey, sigma: Float
    ) throws -> [Scalar] {
      let losses = try system.episodeLosses(
        theta: theta, key: key, sigma: sigma, noisePeriod: plan.givenNoisePeriod, pool: pool)
      return EpisodeStatistics(losses.map { Double($0) }).scalars(tag)
    }
    let tested = try scalars(Self.headline.tag, test, key: keys.test, sigma: 0)
    guard plan.estimator.smoothsObjective else { return tested }
    return try tested
      + scalars(
        "test/smoothed_meta_train_loss", training, key: keys.smoothed,
        sigma: Float(plan.estimatorSettings.sigma))
  }

  package func scalars(of theta: [Float]) -> [Scalar] {
    zip(training.parameterNames, theta).map { Scalar("\(name)/\($0)", Double($1)) }
  }
}

/// The application that trains `system`.
func application(training system: any ListedSystem.Type) -> any Application.Type {
  func application<System: ListedSystem>(_: System.Type) -> any Application.Type {
    SystemApplication<System>.self
  }
  return application(system)
}
