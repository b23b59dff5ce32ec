import Envs
import Estimators
import Foundation
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

struct ControlTaskTests {
  private func task(
    _ environment: any Environment = Locomotion.halfCheetah, timeLimit: Int = 20,
    onDivergence: DivergencePolicy = .fail
  ) throws -> ControlTask {
    ControlTask(
      simulator: try Simulator(environment, timeLimit: timeLimit, onDivergence: onDivergence),
      initialization: .normal)
  }

  @Test("starts at the drawn step with as many steps really simulated")
  func start() throws {
    let task = try task(timeLimit: 1000)
    let theta = task.initialParameters(key: PRNGKey(seed: 1))
    var scratch = try task.makeScratch()
    for particle in 0..<5 {
      let key = PRNGKey(seed: 40).split(5, at: particle)
      let (reset, iteration, _) = key.split3()
      var expected = try task.start(theta: theta, key: key, at: .beginning, in: &scratch)
      #expect(expected.step == 0)
      #expect(expected.seed == UInt32(reset.randomInteger(in: 0..<1_000_000)))
      let step = Int(iteration.randomInteger(in: 0..<10)) * 100
      for _ in 0..<step { _ = try task.act(&expected, theta: theta, in: &scratch) }
      let state = try task.start(
        theta: theta, key: key, at: .random(windowLength: 100), in: &scratch)
      #expect(state == expected && state.step == step)
    }
  }

  @Test("the loss is the reward's opposite, rounded once, and the last step ends the episode")
  func loss() throws {
    let task = try task()
    let theta = task.initialParameters(key: PRNGKey(seed: 1))
    var scratch = try task.makeScratch()
    let key = PRNGKey(seed: 9)
    var state = try task.start(theta: theta, key: key, at: .beginning, in: &scratch)
    var twin = state
    for step in 1...20 {
      let reward = try task.act(&twin, theta: theta, in: &scratch).reward
      let outcome = try task.advance(
        &state, theta: theta, key: StepKey(shared: key, particle: 0, particleCount: 1),
        in: &scratch)
      #expect(outcome.loss == Float(-reward))
      #expect(outcome.isDone == (step == 20))
    }
    #expect(state == twin && state.step == 0)
  }

  static let estimators = ["TruncatedPESK", "TruncatedNRES", "TruncatedESBiased", "FullES"]

  private func estimator(_ name: String, lanes: Int) throws -> any GradientEstimator {
    let task = try task()
    return try EstimatorCatalogue.named(name).make(
      task,
      settings: EstimatorSettings(
        particleCount: 9, windowLength: 7, noisePeriod: 20, sigma: 0.1),
      theta: task.initialParameters(key: PRNGKey(seed: 1)), key: PRNGKey(seed: 2),
      pool: WorkerPool(threadCount: lanes))
  }

  @Test("nothing depends on the number of threads", arguments: estimators)
  func threads(name: String) throws {
    let theta = try task().initialParameters(key: PRNGKey(seed: 1))
    let runs = try [1, 2, 7].map { lanes in
      let estimator = try estimator(name, lanes: lanes)
      let estimates = try (0..<3).map {
        try estimator.estimate(theta: theta, key: PRNGKey(seed: 50 + $0))
      }
      return (
        estimates.map { $0.gradient.map(\.bitPattern) + [$0.meanLoss.bitPattern] },
        try estimator.snapshot(), estimator.environmentSteps
      )
    }
    #expect(runs[1] == runs[0] && runs[2] == runs[0])
    #expect(runs[0].0[0] != runs[0].0[1])
  }

  @Test("a state written out and read back goes on bit for bit", arguments: estimators)
  func restore(name: String) throws {
    let theta = try task().initialParameters(key: PRNGKey(seed: 1))
    let first = try estimator(name, lanes: 1)
    for seed in 0..<2 {
      _ = try first.estimate(theta: theta, key: PRNGKey(seed: UInt64(seed)))
    }
    let second = try estimator(name, lanes: 2)
    try second.restore(from: first.snapshot())
    #expect(second.environmentSteps == first.environmentSteps)
    // Three windows of 7 cross the end of an episode of 20, so that generators count too.
    for seed in UInt64(2)..<5 {
      let expected = try first.estimate(theta: theta, key: PRNGKey(seed: seed))
      let found = try second.estimate(theta: theta, key: PRNGKey(seed: seed))
      #expect(found.gradient == expected.gradient && found.meanLoss == expected.meanLoss)
    }
    #expect(try second.snapshot() == first.snapshot())
  }
}
