import Estimators
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Every estimator on Lorenz against the reference's numbers.
struct LorenzGoldenTests {
  /// Golden runs of the estimators that differentiate.
  static let derivatives = [
    "lorenz_FullDirectionalGradient", "lorenz_FullGradient", "lorenz_FullUORO",
    "lorenz_ShortHorizonGradient", "lorenz_TruncatedBPTT", "lorenz_TruncatedForwardModeK_K41",
    "lorenz_TruncatedForwardModeSharedNoise", "lorenz_UORO",
  ]

  /// A change of θ₀ by 1e-8 moves these gradients by up to 5e-6 of their norm, and a different
  /// order of float32 sums is such a change.
  static let tolerance = 2e-5

  @Test(
    arguments: derivatives + [
      "lorenz_FullES", "lorenz_FullPESK_K10", "lorenz_FullPESK_K40", "lorenz_ShortHorizonES",
      "lorenz_TruncatedESBiased", "lorenz_TruncatedNRES", "lorenz_TruncatedNRESHistory",
      "lorenz_TruncatedPESK_K10", "lorenz_TruncatedPESK_K20", "lorenz_TruncatedPESK_K40",
      "lorenz_TruncatedPESK_K41",
    ])
  func gradientsLossesAndSteps(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = Lorenz(horizon: run.flags.horizonLength)
    let estimator = try EstimatorCatalogue.named(run.flags.estimator).make(
      task, settings: run.settings, theta: run.vector("theta", 0, layout: task.layout),
      key: run.startKey, pool: WorkerPool(threadCount: 2))
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
}

extension GoldenRun {
  /// The flags as the estimators take them.
  var settings: EstimatorSettings {
    EstimatorSettings(
      particleCount: flags.particleCount, windowLength: flags.windowLength,
      noisePeriod: flags.noisePeriod ?? 1, sigma: flags.sigma, normalizesLoss: flags.normalizesLoss)
  }
}
