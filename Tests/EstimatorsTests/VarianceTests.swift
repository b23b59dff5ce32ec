import Estimators
import Foundation
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

/// The total variance of GPES_K on a linear loss, which the paper gives in closed form.
///
/// Li et al. 2023: for losses linear in the parameters of each step, of all noise periods the whole
/// episode has the smallest total variance.
struct VarianceTests {
  static let horizon = 8
  static let windowLength = 2
  static let theta: [Float] = [0.4, -0.3, 0.2]
  /// Forgets quickly, so that a window's gradient comes from its own inputs and the older noises
  /// in A only add variance.
  static let task = LinearSystemTask(
    horizon: horizon, decay: 0.1, gain: 0.5, initialState: [1, 0, -1],
    loss: .linear(weights: [1, -2, 0.5]))

  private func square(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 } }

  /// tr Cov of one particle's estimate, K a multiple of W.
  ///
  /// In a window of m noise periods so far, with G_k the window's gradient with respect to the
  /// inputs of period k, (L⁺ − L⁻)/(2σ²) · A = (Σ ε_k · G_k)(Σ ε_k)/σ². In d dimensions its
  /// expected square is m d Σ ‖G_k‖² + 2 ‖Σ G_k‖², least for m = 1 by Cauchy and Schwarz.
  private func totalVariance(noisePeriod: Int) -> Double {
    let windows = Self.horizon / Self.windowLength
    let second = (0..<windows).reduce(0.0) { sum, window in
      let steps = window * Self.windowLength + 1...(window + 1) * Self.windowLength
      let periods = (steps.lowerBound - 1) / noisePeriod + 1
      let parts = (0..<periods).map { period in
        Self.task.meanLossGradient(theta: Self.theta) { step, input in
          steps.contains(step) && (input - 1) / noisePeriod == period
        }.map { $0 * Double(windows) }
      }
      let whole = Self.theta.indices.map { index in parts.reduce(0) { $0 + $1[index] } }
      let spread = Double(periods * Self.theta.count) * parts.reduce(0) { $0 + square($1) }
      return sum + spread + 2 * square(whole)
    }
    return second / Double(windows) - square(Self.task.meanLossGradient(theta: Self.theta))
  }

  /// ‖g − ∇‖² of independent single-particle estimators.
  private func measuredVariance(noisePeriod: Int) throws -> SampleStatistics {
    let settings = EstimatorSettings(
      particleCount: 1, windowLength: Self.windowLength, noisePeriod: noisePeriod, sigma: 0.5)
    let exact = Self.task.meanLossGradient(theta: Self.theta)
    let samples = try PRNGKey(seed: UInt64(noisePeriod)).split(6000).map { sample in
      let (start, window) = sample.split()
      let estimator = try TruncatedPESK.make(
        Self.task, settings: settings, theta: Self.theta, key: start,
        pool: WorkerPool(threadCount: 1))
      let gradient = try estimator.estimate(theta: Self.theta, key: window).gradient
      return square(zip(gradient, exact).map { Double($0) - $1 })
    }
    return SampleStatistics(samples)
  }

  @Test func varianceFallsWithTheNoisePeriod() throws {
    let periods = [2, 4, 8]
    let measured = try periods.map { try measuredVariance(noisePeriod: $0) }
    for (period, measured) in zip(periods, measured) {
      #expect(measured.distance(to: totalVariance(noisePeriod: period)) < 3)
    }
    for (larger, smaller) in zip(measured, measured.dropFirst()) {
      let error = (pow(larger.standardError, 2) + pow(smaller.standardError, 2)).squareRoot()
      #expect(larger.mean - smaller.mean > 4 * error)
    }
  }

  /// Also between multiples: K = 6 lies between 4 and 8.
  @Test func oneNoiseAnEpisodeIsTheLeastVariance() {
    let variances = [2, 4, 6, 8].map { totalVariance(noisePeriod: $0) }
    #expect(zip(variances, variances.dropFirst()).allSatisfy { $0 > $1 })
  }
}
