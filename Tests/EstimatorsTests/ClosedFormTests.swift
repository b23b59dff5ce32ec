import Estimators
import Foundation
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

/// Means and variances on a linear system, where both are known exactly, from fixed seeds.
///
/// θ stays fixed, particles are step-unlocked, and every sample is a fresh estimator's first
/// estimate, so samples are independent. Means hold for quadratic losses too: smoothing a
/// quadratic by noise does not change its gradient.
struct ClosedFormTests {
  static let horizon = 8
  static let windowLength = 2
  static let sampleCount = 2000
  static let theta: [Float] = [0.4, -0.3, 0.2]
  static let linear = LinearSystemTask(
    horizon: horizon, decay: 0.8, gain: 0.5, initialState: [1, 0, -1],
    loss: .linear(weights: [1, -2, 0.5]))
  static let quadratic = LinearSystemTask(
    horizon: horizon, decay: 0.8, gain: 0.5, initialState: [1, 0, -1],
    loss: .quadratic(target: [-2, 1.5, 2]))
  static let tasks = [linear, quadratic]

  /// Gradients of independent single-particle estimators.
  private func gradients(
    _ estimator: any EstimatorAlgorithm.Type, _ task: LinearSystemTask, noisePeriod: Int = 2,
    windowLength: Int = windowLength
  ) throws -> [[Double]] {
    let settings = EstimatorSettings(
      particleCount: 1, windowLength: windowLength, noisePeriod: noisePeriod, sigma: 0.5)
    let seed = UInt64(1000 * windowLength + noisePeriod)
    return try PRNGKey(seed: seed).split(Self.sampleCount).map { sample in
      let (start, window) = sample.split()
      let made = try estimator.make(
        task, settings: settings, theta: Self.theta, key: start, pool: WorkerPool(threadCount: 1))
      return try made.estimate(theta: Self.theta, key: window).gradient.map { Double($0) }
    }
  }

  /// Coordinate by coordinate: `exact` within four standard errors, and `wrong`, where given, more
  /// than ten away in one of them at least.
  private func check(
    _ gradients: [[Double]], mean exact: [Double], excluding wrong: [Double]? = nil
  ) {
    let statistics = exact.indices.map { index in SampleStatistics(gradients.map { $0[index] }) }
    for (statistics, exact) in zip(statistics, exact) {
      #expect(statistics.distance(to: exact) < 4)
    }
    let excluded = wrong ?? exact.map { _ in 0 }
    #expect(zip(statistics, excluded).contains { $0.distance(to: $1) > 10 })
  }

  @Test(arguments: tasks, [2, 3, 4, 6, 8, 11])
  func persistentMeansAreTheGradient(_ task: LinearSystemTask, _ noisePeriod: Int) throws {
    check(
      try gradients(TruncatedPESK.self, task, noisePeriod: noisePeriod),
      mean: task.meanLossGradient(theta: Self.theta))
  }

  @Test(arguments: tasks)
  func otherUnbiasedMeansAreTheGradient(_ task: LinearSystemTask) throws {
    let exact = task.meanLossGradient(theta: Self.theta)
    check(try gradients(TruncatedNRES.self, task), mean: exact)
    check(try gradients(FullES.self, task), mean: exact)
    check(try gradients(FullPESK.self, task, noisePeriod: 4), mean: exact)
  }

  /// A window's gradient that ignores the inputs before it.
  @Test(arguments: tasks)
  func truncatedMeansLackTheEarlierInputs(_ task: LinearSystemTask) throws {
    let truncated = task.meanLossGradient(theta: Self.theta) { step, input in
      input > (step - 1) / Self.windowLength * Self.windowLength
    }
    check(
      try gradients(TruncatedESBiased.self, task), mean: truncated,
      excluding: task.meanLossGradient(theta: Self.theta))
  }

  /// The mean over the first W steps of the episode.
  @Test(arguments: tasks)
  func shortHorizonMeansAreTheFirstWindows(_ task: LinearSystemTask) throws {
    var short = task
    short.horizon = Self.windowLength
    check(
      try gradients(ShortHorizonES.self, task), mean: short.meanLossGradient(theta: Self.theta),
      excluding: task.meanLossGradient(theta: Self.theta))
  }

  /// W = 3 does not divide T = 8: the window that starts at step 6 goes on into the next episode,
  /// whose first step is so met twice among the first windows' nine.
  @Test func aWindowAcrossAnEpisodesEndHasBothParts() throws {
    var first = Self.linear
    first.horizon = 1
    let exact = zip(
      Self.linear.meanLossGradient(theta: Self.theta), first.meanLossGradient(theta: Self.theta)
    ).map { ($0 * 8 + $1) / 9 }
    check(
      try gradients(TruncatedPESK.self, Self.linear, noisePeriod: 3, windowLength: 3), mean: exact)
    check(try gradients(TruncatedNRES.self, Self.linear, windowLength: 3), mean: exact)
  }
}
