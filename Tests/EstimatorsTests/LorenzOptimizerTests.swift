import Estimators
import Optimizers
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Estimator and optimizer in a loop, each θ from the last, against the reference.
struct LorenzOptimizerTests {
  /// θ after each update: within 1e-5 of the distance moved, which float32 sums in another order
  /// can change, and an ulp of rounding.
  @Test(
    arguments: LorenzGoldenTests.derivatives + [
      "lorenz_opt_piecewise", "lorenz_opt_sgdm", "lorenz_FullES", "lorenz_FullPESK_K10",
      "lorenz_TruncatedESBiased", "lorenz_TruncatedNRES", "lorenz_TruncatedPESK_K10",
      "lorenz_TruncatedPESK_K41",
    ])
  func thetaAfterEveryUpdate(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = Lorenz(horizon: run.flags.horizonLength)
    var theta = task.initialParameters(key: PRNGKey(seed: run.flags.initSeed))
    let start = theta
    #expect(try theta == run.vector("theta", 0, layout: task.layout))
    let estimator = try EstimatorCatalogue.named(run.flags.estimator).make(
      task, settings: run.settings, theta: theta, key: run.startKey,
      pool: WorkerPool(threadCount: 1))
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
