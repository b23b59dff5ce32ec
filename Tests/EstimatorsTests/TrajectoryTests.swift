import Estimators
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// FullES for parameters that differ at every step.
struct TrajectoryTests {
  /// x' = x + u/10 towards (1, 1), the squared distance as loss, in the reference's numbers.
  @Test func theReferencesControlProblem() throws {
    let run = try GoldenRun("lorenz_FullES_trajopt_toy")
    var task = LinearSystemTask(
      horizon: 6, decay: 1, gain: 0.1, initialState: [0, 0], loss: .quadratic(target: [1, 1]))
    task.hasParametersPerStep = true
    let estimator = try FullESTrajectory.make(
      task, settings: run.settings, theta: run.vector("theta", 0, layout: task.layout),
      key: run.startKey, pool: WorkerPool(threadCount: 2))
    var steps = [0]
    for (index, key) in run.windowKeys.enumerated() {
      let estimate = try estimator.estimate(
        theta: run.vector("theta", index, layout: task.layout), key: key)
      let gradient = try run.vector("grad", index + 1, layout: task.layout)
      // Losses near 2 round by 1e-7 there, and 1/(2σ²) makes 5e-6 of it, times an ε of 0.1.
      for (found, expected) in zip(estimate.gradient, gradient) {
        #expect(abs(found - expected) < 1e-6)
      }
      let loss = try run.golden.floats("mean_loss\(index + 1)")[0]
      #expect(abs(estimate.meanLoss - loss) <= 4 * loss.ulp)
      steps.append(estimator.environmentSteps)
    }
    #expect(try steps == run.golden.integers("total_env_steps"))
  }

  private func control(width: Int = 2) -> LinearSystemTask {
    var task = LinearSystemTask(
      horizon: 5, decay: 0.8, gain: 0.5, initialState: [0.5, -1], loss: .quadratic(target: [3, -3]))
    task.hasParametersPerStep = true
    return task
  }
  private let theta: [Float] = (0..<10).map { 0.1 * Float($0) - 0.4 }

  /// Row t is given the losses of steps u ≥ t alone.
  @Test(arguments: 1...5)
  func rowsSeeOnlyLaterLosses(_ step: Int) throws {
    var task = control()
    task.onlyLoss = step
    let estimate = try FullESTrajectory.make(
      task, settings: settings, theta: theta, key: PRNGKey(seed: 0),
      pool: WorkerPool(threadCount: 1)
    ).estimate(theta: theta, key: PRNGKey(seed: 1))
    #expect(estimate.gradient.prefix(2 * step).allSatisfy { $0 != 0 })
    #expect(estimate.gradient.dropFirst(2 * step).allSatisfy { $0 == 0 })
  }

  private let settings = EstimatorSettings(
    particleCount: 4, windowLength: 2, noisePeriod: 2, sigma: 0.2)

  /// The mean over many keys is the exact gradient: row t's is Σ over u ≥ t of ∂L_u/∂(row t)/T.
  @Test func theMeanIsTheGradient() throws {
    let task = control()
    let estimator = try FullESTrajectory.make(
      task, settings: settings, theta: theta, key: PRNGKey(seed: 0),
      pool: WorkerPool(threadCount: 1))
    let gradients = try PRNGKey(seed: 3).split(1500).map {
      try estimator.estimate(theta: theta, key: $0).gradient
    }
    for row in 0..<5 {
      let exact = task.meanLossGradient(theta: theta) { _, input in input == row + 1 }
      for column in 0..<2 {
        let statistics = SampleStatistics(gradients.map { Double($0[2 * row + column]) })
        #expect(statistics.distance(to: exact[column]) < 4, "row \(row)")
        #expect(statistics.distance(to: 0) > 4, "row \(row)")
      }
    }
  }

  @Test func tasksWithTheSameParametersAtEveryStepAreRefused() {
    let error = EstimatorError.needsParametersPerStep
    #expect(throws: error) {
      try FullESTrajectory.make(
        Lorenz(horizon: 40), settings: settings, theta: [3, 3], key: PRNGKey(seed: 0),
        pool: WorkerPool(threadCount: 1))
    }
    #expect(
      error.description
        == "FullES_trajopt needs a task with parameters of its own for every step: use FullES")
  }
}
