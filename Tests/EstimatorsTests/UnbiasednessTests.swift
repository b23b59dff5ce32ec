import Estimators
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Methods with random directions or signs whose mean is the gradient of an episode's mean loss.
struct UnbiasednessTests {
  /// From one start, so that the gradient is one number; the windows divide the horizon, so that
  /// particles stand at its windows equally often.
  private static let run = Run<Twist>(
    task: Twist(horizon: 8, spread: 0),
    settings: EstimatorSettings(particleCount: 16, windowLength: 2, noisePeriod: 3, sigma: 0),
    thetas: [[0.6, 0.9, 0.8]])

  @Test(arguments: [
    TruncatedForwardModeK.id, TruncatedForwardModeSharedNoise.id, FullDirectionalGradient.id,
    FullDirectionalGradientK.id, UORO.id, FullUORO.id,
  ])
  func theMeanIsTheGradient(_ name: String) throws {
    var run = Self.run
    let exact = try run.estimate(run.make(FullGradient.self), windows: 0..<1)[0].gradient
    let estimator = try EstimatorCatalogue.named(name)
    let samples = try (0..<300).map { seed in
      run.seed = UInt64(seed)
      return try run.estimate(run.make(estimator), windows: 0..<1)[0].gradient
    }
    for index in exact.indices {
      let statistics = SampleStatistics(samples.map { Double($0[index]) })
      #expect(statistics.distance(to: Double(exact[index])) < 4, "\(index)")
      #expect(statistics.distance(to: 0) > 4, "\(index)")
    }
  }

  /// TBPTT's is not: it leaves out what earlier windows did to the state.
  @Test func truncationIsBiased() throws {
    var run = Self.run
    let exact = try run.estimate(run.make(FullGradient.self), windows: 0..<1)[0].gradient
    let samples = try (0..<100).map { seed in
      run.seed = UInt64(seed)
      return try run.estimate(run.make(TruncatedBPTT.self), windows: 0..<1)[0].gradient
    }
    let first = SampleStatistics(samples.map { Double($0[0]) })
    #expect(first.distance(to: Double(exact[0])) > 10)
  }
}
