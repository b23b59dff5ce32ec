import Envs
import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Estimators on a pole that falls against the reference's numbers, whose environment was made
/// absorbing until the horizon.
///
/// Losses count steps, so they are equal or off by a whole fall. Nothing falls earlier or later when
/// θ₀ moves by an ulp.
struct AbsorbedGoldenTests {
  static let names = ["FullES", "NRESclass", "PESK_K20", "TES"]

  @Test(arguments: names)
  func followsTheReference(_ name: String) throws {
    let run = try ControlRun(
      "rl_absorb_invpendT30_\(name)", in: "absorb", environment: InvertedPendulum())
    let estimator = try run.makeEstimator()
    var steps = [estimator.environmentSteps]
    try expectCarried(estimator, run, iteration: 0)
    for (index, key) in run.run.windowKeys.enumerated() {
      #expect(try [key.word0, key.word1] == run.golden.words("key\(index + 1)"))
      let estimate = try estimator.estimate(theta: run.theta(index), key: key)
      let gradient = try run.run.vector("grad", index + 1, layout: run.task.layout)
      #expect(relativeDistance(estimate.gradient, gradient) < 1e-6, "gradient \(index + 1)")
      let loss = try run.golden.floats("mean_loss\(index + 1)")[0]
      #expect(abs(estimate.meanLoss - loss) < 1e-6, "mean loss \(index + 1)")
      try expectCarried(estimator, run, iteration: index + 1)
      steps.append(estimator.environmentSteps)
    }
    #expect(try steps == run.golden.integers("total_env_steps"))
    let carried = Carried(estimator).states
    for (side, name) in [
      ("pos", "pos_unroll_states"), ("neg", "neg_unroll_states"), ("own", "current_unroll_states"),
    ] {
      if let states = carried[name] { try expectSteps(of: states, side, run) }
    }
  }

  private func expectCarried(
    _ estimator: any GradientEstimator, _ run: ControlRun, iteration: Int
  ) throws {
    let carried = Carried(estimator)
    let recorded = run.golden.names.filter { $0.hasPrefix("state\(iteration)/") }
    #expect(carried.states.count * 3 + carried.noises.count == recorded.count)
    for (name, states) in carried.states {
      let path = "state\(iteration)/\(name)"
      #expect(try states.map(\.base.step) == run.golden.integers("\(path).inner_step"), "\(path)")
      #expect(
        try states.map { $0.base.hasEnded ? 1 : 0 } == run.golden.integers("\(path).absorbed"),
        "\(path)")
      var observation = [Double](repeating: 0, count: 4)
      let observations = states.flatMap { state in
        run.task.simulator.observe(state.base, into: &observation)
        return observation
      }
      let distance = try zip(observations, run.golden.doubles("\(path).obs"))
        .map { abs($0 - $1) }.max()
      #expect(distance ?? 1 < 1e-6, "\(path).obs")
    }
    for (name, noise) in carried.noises {
      let path = "state\(iteration)/\(name).leaf0"
      #expect(try noise == run.golden.floats(path), "\(path)")
    }
  }

  /// Expects each step, the burn-in's first, to be the reference's: its loss, whether it was taken,
  /// and whether it was the horizon's.
  private func expectSteps(of states: [Carried.State], _ side: String, _ run: ControlRun) throws {
    let own = states[0].steps.indices.flatMap { step in states.map { $0.steps[step] } }
    let parts = ["burn_in", "step"]
    #expect(try own.map(\.loss) == parts.flatMap { try run.golden.floats("\($0)_\(side)_loss") })
    #expect(
      try own.map { $0.isSimulated ? 0 : 1 }
        == parts.flatMap { try run.golden.integers("\($0)_\(side)_absorbed") })
    #expect(
      try own.map { $0.isDone ? 1 : 0 }
        == parts.flatMap { try run.golden.integers("\($0)_\(side)_done") })
  }

  @Test(
    "each of 20 episodes ends where the reference's does",
    arguments: [30, 1000], ["plain", "smooth"])
  func evaluation(horizon: Int, kind: String) throws {
    let golden = try Golden("absorb/rl_absorb_eval")
    let task = ControlTask(simulator: try Simulator(InvertedPendulum(), timeLimit: horizon))
    let theta = try golden.floats("invpend_theta")
    let key = PRNGKey(seed: 12)
    let seed = ControlTask.evaluationSeed(key: key)
    #expect(try Int(seed) == golden.integers("invpend_np_seed")[0])
    let sigma = kind == "plain" ? 0 : try Float(golden.doubles("invpend_sigma")[0])
    let returns = try task.episodeReturns(
      theta: theta, key: key, sigma: sigma, pool: WorkerPool(threadCount: 2))
    #expect(try returns == golden.doubles("invpend_\(kind)_T\(horizon)_returns"))
    let lengths = try golden.integers("invpend_\(kind)_T\(horizon)_lengths")
    #expect(returns.map { Int($0) } == lengths, "a reward of 1 a step")
    if kind == "plain" {
      let recorded = try (0..<20).map {
        try task.recordEpisode(theta: theta, seed: ControlTask.seed(ofEpisode: $0, from: seed))
          .states.count
      }
      #expect(recorded == lengths)
    }
  }
}
