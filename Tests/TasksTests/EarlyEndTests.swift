import Envs
import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Episodes that end early, as estimators and evaluations see them.
struct EarlyEndTests {
  static let horizon = 40
  static let key = PRNGKey(seed: 9)

  private let task: ControlTask
  /// θ that pushes the cart away from where the pole leans, so that it falls soon.
  private let theta: [Float] = [0, -2, 0, 0]

  init() throws {
    task = ControlTask(simulator: try Simulator(InvertedPendulum(), timeLimit: Self.horizon))
  }

  private func advance(
    _ state: inout EnvironmentState, _ theta: [Float], in scratch: inout ControlTask.Scratch
  ) throws -> StepOutcome {
    try task.advance(
      &state, theta: theta, key: StepKey(shared: Self.key, particle: 0, particleCount: 1),
      in: &scratch)
  }

  @Test("the ending step counts in full, those after it cost and change nothing until the horizon")
  func absorbs() throws {
    var scratch = try task.makeScratch()
    var state = try task.start(theta: theta, key: Self.key, at: .beginning, in: &scratch)
    var length = 0
    while !state.hasEnded {
      let outcome = try advance(&state, theta, in: &scratch)
      #expect(outcome.loss == -1 && outcome.isSimulated && !outcome.isDone)
      length += 1
    }
    #expect(5 < length && length < Self.horizon - 5)
    let fallen = state
    for step in length + 1...Self.horizon {
      #expect(state.physics == fallen.physics && state.generator == fallen.generator)
      #expect(task.stepIndex(of: state) == step - 1)
      let outcome = try advance(&state, theta, in: &scratch)
      #expect(outcome.loss == 0 && !outcome.isSimulated && outcome.isDone == (step == Self.horizon))
    }
    var next = try task.start(theta: theta, key: Self.key, at: .beginning, in: &scratch)
    try task.simulator.reset(&next, in: task.simulator.makeScratch())
    #expect(state == next)
  }

  @Test("an end before the start step begins absorbed, with the clock at that step")
  func startsAbsorbed() throws {
    var scratch = try task.makeScratch()
    var absorbed = 0
    for seed in UInt64(0)..<20 {
      let key = PRNGKey(seed: seed)
      let state = try task.start(
        theta: theta, key: key, at: .random(windowLength: 5), in: &scratch)
      var expected = try task.start(theta: theta, key: key, at: .beginning, in: &scratch)
      let start = EpisodeStart.random(windowLength: 5)
        .step(key: key.split3().1, horizon: Self.horizon)
      var length = 0
      while length < start && !expected.hasEnded {
        _ = try task.act(&expected, theta: theta, in: &scratch)
        length += 1
      }
      #expect(state.hasEnded == expected.hasEnded && state.physics == expected.physics)
      #expect(state.step == start)
      absorbed += length < start ? 1 : 0
    }
    #expect(5 < absorbed && absorbed < 20)
  }

  @Test("several states end apart, and are unrolled together up to the horizon")
  func unrolls() throws {
    var scratch = try task.makeScratch()
    let thetas = [theta, [0, 20, 0, 4]]
    let keys = StepKeys(
      shared: Self.key.split(2 * Self.horizon), from: 0, particleCount: 1)
    let start = try task.start(theta: theta, key: Self.key, at: .beginning, in: &scratch)
    var states = [start, start]
    let stride = ControlTask.lossStride
    var losses = [Float](repeating: 7, count: 2 * stride * Self.horizon)
    let outcome = try task.unroll(
      &states, upTo: 2 * Self.horizon, thetas: thetas, keys: keys, particles: [0, 0],
      losses: &losses, in: &scratch)
    let lengths = (0..<2).map { side in
      (0..<Self.horizon).count { losses[stride * $0 + side] == -1 }
    }
    #expect(lengths[0] < lengths[1])
    #expect(outcome.steps == Self.horizon && outcome.simulatedSteps == lengths.reduce(0, +))
    // Both begin the next episode with the same draws.
    #expect(states[0] == states[1] && states[0].step == 0)
    #expect(losses[(stride * Self.horizon)...].allSatisfy { $0 == 7 })
    for side in 0..<2 {
      for step in 0..<Self.horizon {
        #expect(losses[stride * step + side] == (step < lengths[side] ? -1 : 0))
      }
    }
  }

  static let estimators: [(name: String, period: Int)] = [
    ("TruncatedPESK", 40), ("TruncatedPESK", 9), ("TruncatedNRES", 1), ("TruncatedESBiased", 1),
    ("FullES", 1),
  ]

  private func estimator(
    _ name: String, _ period: Int, threads: Int
  ) throws -> any GradientEstimator {
    try EstimatorCatalogue.named(name).make(
      TracedTask(task),
      settings: EstimatorSettings(
        particleCount: 6, windowLength: 7, noisePeriod: period, sigma: 0.5),
      theta: theta, key: PRNGKey(seed: 2), pool: WorkerPool(threadCount: threads))
  }

  @Test("a state saved while particles are absorbed goes on bit for bit", arguments: estimators)
  func restore(name: String, period: Int) throws {
    let first = try estimator(name, period, threads: 1)
    for window in 0..<12 {
      let second = try estimator(name, period, threads: 2)
      try second.restore(from: first.snapshot())
      let states = Carried(first).states.values.joined()
      #expect(states.isEmpty || window > 0 || states.contains { $0.base.hasEnded })
      let key = PRNGKey(seed: 70 + UInt64(window))
      let expected = try first.estimate(theta: theta, key: key)
      let found = try second.estimate(theta: theta, key: key)
      #expect(found.gradient == expected.gradient && found.meanLoss == expected.meanLoss)
      #expect(try second.snapshot() == first.snapshot())
      #expect(second.environmentSteps == first.environmentSteps)
    }
  }

  @Test("steps that diverge are counted, those of the burn-in too", arguments: [1, 2, 12])
  func divergedSteps(threads: Int) throws {
    let swimmer = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 10, onDivergence: .reset))
    let theta = [Float](repeating: 1e30, count: swimmer.layout.count)
    // Six pairs that take whole episodes side by side, of which the first step is the last.
    let settings = EstimatorSettings(
      particleCount: 6, windowLength: 5, noisePeriod: 10, sigma: 1, startsAtRandomSteps: false)
    for algorithm in [TruncatedPESK.self, TruncatedESBiased.self] as [any EstimatorAlgorithm.Type] {
      let estimator = try algorithm.make(
        swimmer, settings: settings, theta: theta, key: PRNGKey(seed: 0),
        pool: WorkerPool(threadCount: threads))
      // TES moves one state a particle, and two more in a window.
      let (carried, perturbed) = algorithm == TruncatedPESK.self ? (12, 0) : (6, 12)
      #expect(estimator.divergedSteps == carried)
      var expected = carried
      for window in 0..<4 {
        _ = try estimator.estimate(theta: theta, key: PRNGKey(seed: UInt64(window)))
        expected += window.isMultiple(of: 2) ? carried + perturbed : 0
        #expect(estimator.divergedSteps == expected)
      }
      let copy = try algorithm.make(
        swimmer, settings: settings, theta: theta, key: PRNGKey(seed: 1),
        pool: WorkerPool(threadCount: 1))
      try copy.restore(from: estimator.snapshot())
      #expect(copy.divergedSteps == expected)
    }
  }

  @Test("both sides of a pair keep one clock, whichever of them falls or diverges")
  func pairs() throws {
    // Actions whose squares are near the largest float32 number: some are too large.
    let swimmer = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 10, onDivergence: .reset))
    let theta = [Float](repeating: 8e18, count: swimmer.layout.count)
    let settings = EstimatorSettings(
      particleCount: 6, windowLength: 1, noisePeriod: 10, sigma: 8e18,
      startsAtRandomSteps: false, burnInLength: 0)
    let estimator = try TruncatedPESK.make(
      TracedTask(swimmer), settings: settings, theta: theta, key: PRNGKey(seed: 0),
      pool: WorkerPool(threadCount: 2))
    var oneSided = 0
    for window in 1...65 {
      let estimate = try estimator.estimate(theta: theta, key: PRNGKey(seed: UInt64(window)))
      #expect(estimate.gradient.allSatisfy { $0.isFinite })
      let states = Carried(estimator).states
      let positives = try #require(states["pos_unroll_states"])
      let negatives = try #require(states["neg_unroll_states"])
      for (positive, negative) in zip(positives, negatives) {
        #expect(positive.base.step == window % 10 && negative.base.step == window % 10)
        #expect(positive.base.generator == negative.base.generator)
        for side in [positive, negative] where side.base.hasEnded {
          // The step that diverged, and all after it.
          #expect(side.steps.last?.loss == 0)
        }
        if positive.base.hasEnded != negative.base.hasEnded { oneSided += 1 }
      }
    }
    #expect(oneSided > 10)
  }

  @Test("evaluations and recordings stop where the episode does")
  func evaluation() throws {
    let long = ControlTask(simulator: try Simulator(InvertedPendulum()))
    let pool = WorkerPool(threadCount: 2)
    let returns = try long.episodeReturns(theta: theta, key: Self.key, episodes: 5, pool: pool)
    let first = ControlTask.evaluationSeed(key: Self.key)
    for episode in 0..<5 {
      let seed = ControlTask.seed(ofEpisode: episode, from: first)
      let recording = try long.recordEpisode(theta: theta, seed: seed)
      #expect(recording.states.count == Int(returns[episode]) && returns[episode] < 40)
      #expect(recording.states.allSatisfy { !$0.hasEnded })
      #expect(recording.reward == returns[episode])
    }
    #expect(Set(returns).count > 1)
  }
}
