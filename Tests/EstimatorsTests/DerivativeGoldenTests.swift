import Estimators
import Optimizers
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// The estimators that differentiate, on Lorenz, against the reference's numbers.
struct DerivativeGoldenTests {
  static let names = [
    "lorenz_FullDirectionalGradient", "lorenz_FullGradient", "lorenz_FullUORO",
    "lorenz_ShortHorizonGradient", "lorenz_TruncatedBPTT", "lorenz_TruncatedForwardModeK_K41",
    "lorenz_TruncatedForwardModeSharedNoise", "lorenz_UORO",
  ]

  /// A change of θ₀ by 1e-8 moves these gradients by up to 5e-6 of their norm, and a different
  /// order of float32 sums is such a change.
  static let tolerance = 2e-5

  @Test(arguments: names)
  func gradientsLossesAndSteps(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = Lorenz(horizon: run.flags.horizonLength)
    let estimator = try EstimatorCatalogue.named(run.flags.estimator).make(
      task, settings: run.settings, theta: run.vector("theta", 0, layout: task.layout),
      key: run.startKey, pool: WorkerPool(laneCount: 2))
    var steps = [estimator.environmentSteps]
    for (index, key) in run.windowKeys.enumerated() {
      let words = try run.golden.words("key\(index + 1)")
      #expect([key.word0, key.word1] == words)
      let estimate = try estimator.estimate(
        theta: run.vector("theta", index, layout: task.layout), key: key)
      let gradient = try run.vector("grad", index + 1, layout: task.layout)
      let distance = relativeDistance(estimate.gradient, gradient)
      #expect(distance < Self.tolerance, "iteration \(index + 1)")
      let loss = try run.golden.floats("mean_loss\(index + 1)")
      #expect(relativeDistance([estimate.meanLoss], loss) < Self.tolerance)
      steps.append(estimator.environmentSteps)
    }
    #expect(try steps == run.golden.integers("total_env_steps"))
  }

  /// Estimator and optimizer in a loop. θ after each update: within 1e-5 of the distance moved,
  /// which float32 sums in another order can change, and an ulp of rounding.
  @Test(arguments: names)
  func thetaAfterEveryUpdate(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = Lorenz(horizon: run.flags.horizonLength)
    var theta = task.initialParameters(key: PRNGKey(seed: run.flags.initSeed))
    let start = theta
    #expect(try theta == run.vector("theta", 0, layout: task.layout))
    let estimator = try EstimatorCatalogue.named(run.flags.estimator).make(
      task, settings: run.settings, theta: theta, key: run.startKey,
      pool: WorkerPool(laneCount: 1))
    var optimizer = try OptimizerSpecification(run.flags.optimizer)
      .makeOptimizer(count: task.layout.count)
    for (index, key) in run.windowKeys.enumerated() {
      let gradient = try estimator.estimate(theta: theta, key: key).gradient
      optimizer.update(&theta, along: gradient)
      let expected = try run.vector("theta", index + 1, layout: task.layout)
      for (parameter, value) in expected.enumerated() {
        let moved = abs(value - start[parameter])
        #expect(abs(theta[parameter] - value) <= 1e-5 * moved + value.ulp, "update \(index + 1)")
      }
    }
  }
}
