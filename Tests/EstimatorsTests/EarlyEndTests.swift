import Estimators
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

/// Where θ decides when an episode ends, evolution strategies have the gradient of its return: what
/// ends early stands still until the horizon, so pairs stay together.
struct EarlyEndTests {
  private static let task = Survivor(horizon: 6)
  private static let theta: [Float] = [0.2, 0.5]
  private static let sigma = 0.15
  private static let windowLength = 2

  /// A case: the estimator, K, and what its mean must be.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var period = 1
    var mean: [Double]
    var testDescription: String { "\(name), K = \(period)" }
  }

  static let cases: [Case] =
    [2, 3, 4, 6, 9].map {
      Case(
        name: TruncatedPESK.id, period: $0,
        mean: task.smoothedGradient(theta: theta, sigma: sigma, period: $0))
    } + [
      Case(
        name: FullPESK.id, period: 3,
        mean: task.smoothedGradient(theta: theta, sigma: sigma, period: 3)),
      Case(
        name: ShortHorizonES.id,
        mean: task.smoothedGradient(theta: theta, sigma: sigma, period: 6, steps: windowLength)),
    ]
    + [TruncatedNRES.id, TruncatedNRESHistory.id, FullES.id].map {
      Case(name: $0, mean: task.smoothedGradient(theta: theta, sigma: sigma, period: 6))
    }

  private func samples(_ name: String, _ period: Int) throws -> [[Double]] {
    let settings = EstimatorSettings(
      particleCount: 4, windowLength: Self.windowLength, noisePeriod: period, sigma: Self.sigma)
    return try PRNGKey(seed: 11).split(3000).map { sample in
      let (start, window) = sample.split()
      return try EstimatorCatalogue.named(name).make(
        Self.task, settings: settings, theta: Self.theta, key: start,
        pool: WorkerPool(threadCount: 1)
      ).estimate(theta: Self.theta, key: window).gradient.map { Double($0) }
    }
  }

  private func check(_ samples: [[Double]], mean: [Double]) {
    for index in mean.indices {
      let statistics = SampleStatistics(samples.map { $0[index] })
      #expect(statistics.distance(to: mean[index]) < 4, "\(index)")
      #expect(statistics.distance(to: 0) > 10, "\(index)")
    }
  }

  @Test(arguments: cases) func theMeanIsTheGradient(_ measured: Case) throws {
    check(try samples(measured.name, measured.period), mean: measured.mean)
  }

  /// TES leaves out what earlier windows did to survival, and by just that it is biased.
  @Test func truncationIsBiasedByTheKnownAmount() throws {
    let samples = try samples(TruncatedESBiased.id, 1)
    let biased = Self.task.smoothedGradient(
      theta: Self.theta, sigma: Self.sigma, period: 6, window: Self.windowLength)
    let exact = Self.task.smoothedGradient(theta: Self.theta, sigma: Self.sigma, period: 6)
    check(samples, mean: biased)
    #expect(SampleStatistics(samples.map { $0[0] }).distance(to: exact[0]) > 20)
  }

  /// The closed form against the definition: the mean over many simulated episodes of the return at
  /// θ ± 0.05, without noise.
  @Test func theClosedFormIsTheReturnsSlope() throws {
    func meanLoss(_ theta: [Float]) -> Double {
      var sum = 0.0
      var scratch: Void = ()
      let keys = PRNGKey(seed: 3).split(20_000)
      for key in keys {
        var state = Survivor.State()
        for (step, key) in key.split(6).enumerated() {
          let key = StepKey(shared: key, particle: step, particleCount: 6)
          sum += Double(Self.task.advance(&state, theta: theta, key: key, in: &scratch).loss)
        }
      }
      return sum / Double(6 * keys.count)
    }
    let (above, below) = (meanLoss([0.25, 0.5]), meanLoss([0.15, 0.5]))
    let exact = Self.task.smoothedGradient(theta: Self.theta, sigma: 0, period: 6)
    // 20 000 episodes with common randomness leave some 2 % of the difference.
    #expect(abs((above - below) / 0.1 - exact[0]) < 0.05 * abs(exact[0]))
  }

  /// Both counters, from the trajectories' own memories.
  @Test(arguments: [TruncatedPESK.id, TruncatedNRES.id, TruncatedESBiased.id, FullES.id], [1, 2])
  func stepsAreCounted(_ name: String, _ threads: Int) throws {
    let settings = EstimatorSettings(
      particleCount: 5, windowLength: 4, noisePeriod: 6, sigma: Self.sigma)
    let estimator = try EstimatorCatalogue.named(name).make(
      Self.task, settings: settings, theta: Self.theta, key: PRNGKey(seed: 1),
      pool: WorkerPool(threadCount: threads))
    let sides = name == TruncatedESBiased.id ? 3 : 2
    let length = name == FullES.id ? 6 : 4
    for window in 0..<20 {
      let before = (estimator.environmentSteps, estimator.simulatedSteps)
      let key = PRNGKey(seed: UInt64(window))
      _ = try estimator.estimate(theta: Self.theta, key: key)
      #expect(estimator.environmentSteps - before.0 == sides * 5 * length)
      let simulated = estimator.simulatedSteps - before.1
      #expect(simulated > 0 && simulated < sides * 5 * length)
    }
    // A life has 1 + p + … + p⁵ of six steps, p = 0.7: 3 in 6.
    let share = Double(estimator.simulatedSteps) / Double(estimator.environmentSteps)
    #expect(0.4 < share && share < 0.65)
  }
}
