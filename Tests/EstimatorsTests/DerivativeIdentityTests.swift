import Differentiation
import Estimators
import Foundation
import Randomness
import Snapshots
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Relations of the estimators that differentiate to one another and to the derivative.
struct DerivativeIdentityTests {
  /// Particles that all begin at step 0 of Lorenz's one start.
  private func inStep(horizon: Int, windowLength: Int, particleCount: Int = 5) -> Run<Lorenz> {
    Run(
      task: Lorenz(horizon: horizon),
      settings: EstimatorSettings(
        particleCount: particleCount, windowLength: windowLength, noisePeriod: 7, sigma: 0,
        startsAtRandomSteps: false, burnInLength: 0),
      thetas: (0..<3).map { [3.116, 3.7 - 0.1 * Float($0)] })
  }

  private func estimates(
    _ run: Run<Lorenz>, _ estimator: any EstimatorAlgorithm.Type
  ) throws -> [EstimateBits] {
    try run.bits(run.make(estimator), windows: 0..<3)
  }

  @Test func oneWindowAnEpisodeIsBackpropagation() throws {
    let run = inStep(horizon: 40, windowLength: 40)
    let expected = try estimates(run, FullGradient.self)
    #expect(try estimates(run, TruncatedBPTT.self) == expected)
    #expect(try estimates(run, ShortHorizonGradient.self) == expected)
    #expect(Set(expected).count == 3)
  }

  @Test func oneDirectionAnEpisodeIsThePeriodOfTheHorizon() throws {
    var run = inStep(horizon: 40, windowLength: 11)
    let expected = try estimates(run, FullDirectionalGradient.self)
    #expect(try estimates(run, FullDirectionalGradientK.self) != expected)
    run.settings.noisePeriod = 40
    #expect(try estimates(run, FullDirectionalGradientK.self) == expected)
    run.settings.windowLength = 40
    #expect(try estimates(run, TruncatedForwardModeK.self) == expected)
  }

  @Test func oneWindowAnEpisodeIsFullUORO() throws {
    let run = inStep(horizon: 40, windowLength: 40)
    #expect(try estimates(run, UORO.self) == estimates(run, FullUORO.self))
  }

  /// One particle alone meets the loss that it meets among others, up to sums' rounding.
  @Test(arguments: [1, 16, 17, 35])
  func particlesDoNotMeet(_ particleCount: Int) throws {
    let run = inStep(horizon: 40, windowLength: 9, particleCount: particleCount)
    let few = inStep(horizon: 40, windowLength: 9, particleCount: 2)
    for estimator in [FullGradient.self, ShortHorizonGradient.self] as [any EstimatorAlgorithm.Type]
    {
      let found = try run.estimate(run.make(estimator), windows: 0..<3)
      let expected = try few.estimate(few.make(estimator), windows: 0..<3)
      for (found, expected) in zip(found, expected) {
        #expect(relativeDistance(found.gradient, expected.gradient) < 4e-7)
        #expect(abs(found.meanLoss - expected.meanLoss) <= expected.meanLoss.ulp)
      }
    }
  }

  /// Central differences in `Double` err by h² times a third derivative, here less than 1e-7 of the
  /// gradient; 40 steps in float32 by some 40 roundings of 6e-8 each.
  @Test func backpropagationIsTheDerivative() throws {
    let run = inStep(horizon: 40, windowLength: 40)
    let gradient = try run.estimate(run.make(FullGradient.self), windows: 0..<1)[0].gradient
    let step = 1e-5
    let differences = (0..<2).map { parameter in
      let sides = [-step, step].map { shift in
        let theta = (0..<2).map { Double(run.thetas[0][$0]) + ($0 == parameter ? shift : 0) }
        return meanLoss(of: run.task, theta: theta)
      }
      return Float((sides[1] - sides[0]) / (2 * step))
    }
    #expect(relativeDistance(gradient, differences) < 3e-6)
  }

  private func meanLoss(of task: Lorenz, theta: [Double]) -> Double {
    var coefficients = [0.0, 0.0]
    var coefficientSpan = coefficients.mutableSpan
    task.prepare(theta.span, into: &coefficientSpan)
    var values = task.initialValues(key: PRNGKey(seed: 0)).map { Double($0) }
    var sum = 0.0
    for _ in 0..<task.horizon {
      var span = values.mutableSpan
      task.advance(&span, coefficients: coefficients.span)
      sum += task.loss(values.span)
    }
    return sum / Double(task.horizon)
  }

  /// Directions set to the basis, one a particle: each gives its partial derivative alone.
  @Test func basisDirectionsGiveThePartialDerivatives() throws {
    let run = inStep(horizon: 40, windowLength: 40, particleCount: 2)
    let estimator = try run.make(TruncatedForwardModeSharedNoise.self)
    var state: SavedState = try estimator.snapshot().decode()
    #expect(state.blocks[0].motion.tangents == [Float](repeating: 0, count: 12))
    state.blocks[0].noise.noises = [[1, 0], [0, 1]]
    try estimator.restore(from: Snapshot(of: state))
    let partial = try run.estimate(estimator, windows: 0..<1)[0].gradient.map { 2 * $0 }
    let exact = try run.estimate(run.make(FullGradient.self), windows: 0..<1)[0].gradient
    #expect(relativeDistance(partial, exact) < 3e-6)
  }

  private struct SavedState: Codable {
    struct Block: Codable {
      var motion: Motion
      var noise: Noise
    }
    struct Motion: Codable {
      var states: [DynamicalState]
      var tangents: [Float]
    }
    struct Noise: Codable { var noises: [[Float]] }
    var parameterCount: Int
    var particleCount: Int
    var environmentSteps: Int
    var simulatedSteps: Int
    var blocks: [Block]
  }

  /// With parameters this large Euler's method leaves the finite numbers: nothing traps, the estimate
  /// says so, and the next one is as if it had not been.
  @Test func overflowIsReportedAndLeavesNoTrace() throws {
    var run = inStep(horizon: 2000, windowLength: 100, particleCount: 1)
    run.thetas = [[3.116, 3.7], [5.5, 6.5], [3.116, 3.7]]
    for estimator in EstimatorCatalogue.differentiating where !estimator.isStepUnlocked {
      guard estimator.id != ShortHorizonGradient.id else { continue }
      let estimates = try run.estimate(run.make(estimator), windows: 0..<3)
      #expect(estimates[0].meanLoss.isFinite, "\(estimator.id)")
      #expect(!estimates[1].meanLoss.isFinite, "\(estimator.id)")
      #expect(estimates[1].gradient.contains { !$0.isFinite }, "\(estimator.id)")
      #expect(estimates[2].meanLoss == estimates[0].meanLoss, "\(estimator.id)")
      #expect(estimates[2].gradient.allSatisfy { $0.isFinite }, "\(estimator.id)")
    }
  }
}
