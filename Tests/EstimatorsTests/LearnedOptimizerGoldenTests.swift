import Estimators
import Optimizers
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Every estimator on learned optimizers against the reference's numbers.
struct LearnedOptimizerGoldenTests {
  /// Golden runs of the estimators that differentiate.
  static let derivatives = [
    "lopt_FullDirectionalGradient", "lopt_FullGradient", "lopt_FullUORO",
    "lopt_LearnableSGDM_FullGradient", "lopt_ShortHorizonGradient", "lopt_TruncatedBPTT",
    "lopt_TruncatedForwardModeK_K11", "lopt_TruncatedForwardModeSharedNoise", "lopt_UORO",
  ]

  /// Those of evolution strategies.
  static let perturbations = [
    "lopt_FullES", "lopt_FullPESK_K2", "lopt_LearnableAdam_NRES", "lopt_ShortHorizonES",
    "lopt_TruncatedESBiased", "lopt_TruncatedNRES", "lopt_TruncatedNRESHistory",
    "lopt_TruncatedPESK_K10", "lopt_TruncatedPESK_K11", "lopt_TruncatedPESK_K2", "lopt_cnn_NRES",
    "lopt_no_single_sequence_NRES", "lopt_opt_sgdm", "lopt_threshold_FullES",
  ]

  /// A change of θ₀ by 1e-8 moves a gradient by 3e-7 of its norm, and a different order of float32
  /// sums, of which there are thousands, is a change of several times that.
  ///
  /// Evolution strategies divide the difference of two losses by 2σ² = 2e-4. A loss near 2.3 is right
  /// to 1.2e-7 at best, half an ulp; with noises of norm 0.42 and four particles that is a distance of
  /// some 2e-4, which two compilations of the reference have too. The gradients' norms are 0.13 to
  /// 1.5 (and for four numbers of Adam, with noises a twentieth of those, 0.005 to 0.009).
  private static func tolerance(_ name: String) -> Double {
    derivatives.contains(name) ? 5e-6 : 2e-3
  }

  @Test(arguments: derivatives + perturbations)
  func gradientsLossesAndSteps(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = try run.flags.learnedOptimizerTask()
    let estimator = try EstimatorCatalogue.named(run.flags.estimator).make(
      task, settings: run.settings, theta: run.vector("theta", 0, layout: task.layout),
      key: run.startKey, pool: WorkerPool(threadCount: 2))
    var steps = [estimator.environmentSteps]
    for (index, key) in run.windowKeys.enumerated() {
      #expect(try [key.word0, key.word1] == run.golden.words("key\(index + 1)"))
      let estimate = try estimator.estimate(
        theta: run.vector("theta", index, layout: task.layout), key: key)
      let gradient = try run.vector("grad", index + 1, layout: task.layout)
      let distance = relativeDistance(estimate.gradient, gradient)
      #expect(distance < Self.tolerance(name), "iteration \(index + 1)")
      // A mean of losses near 2.3, each right to an ulp or two.
      let loss = try run.golden.floats("mean_loss\(index + 1)")
      #expect(relativeDistance([estimate.meanLoss], loss) < 5e-7, "iteration \(index + 1)")
      steps.append(estimator.environmentSteps)
    }
    #expect(try steps == run.golden.integers("total_env_steps"))
  }

  @Test("θ through estimator and optimizer, each θ from the last", arguments: ["lopt_opt_sgdm"])
  func theta(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = try run.flags.learnedOptimizerTask()
    var theta = task.initialParameters(key: PRNGKey(seed: run.flags.initSeed))
    let start = theta
    #expect(try theta == run.vector("theta", 0, layout: task.layout))
    let estimator = try EstimatorCatalogue.named(run.flags.estimator).make(
      task, settings: run.settings, theta: theta, key: run.startKey,
      pool: WorkerPool(threadCount: 1))
    var optimizer = try OptimizerSpecification(run.flags.optimizer)
      .makeOptimizer(count: task.layout.count)
    for (index, key) in run.windowKeys.enumerated() {
      optimizer.update(&theta, along: try estimator.estimate(theta: theta, key: key).gradient)
      let expected = try run.vector("theta", index + 1, layout: task.layout)
      let distance = relativeDistance(
        zip(theta, start).map { $0 - $1 }, zip(expected, start).map { $0 - $1 })
      #expect(distance < Self.tolerance(name), "update \(index + 1)")
    }
  }

  @Test("θ begins as the reference's", arguments: derivatives + perturbations)
  func start(_ name: String) throws {
    let run = try GoldenRun(name)
    let task = try run.flags.learnedOptimizerTask()
    let theta = task.initialParameters(key: PRNGKey(seed: run.flags.initSeed))
    #expect(try theta == run.vector("theta", 0, layout: task.layout))
  }
}
