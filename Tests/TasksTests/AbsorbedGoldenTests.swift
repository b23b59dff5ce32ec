import Envs
import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Estimators on robots that fall against the reference's numbers, whose environments were made
/// absorbing until the horizon.
///
/// θ of each window is given. On MuJoCo 2.2.2 every loss is the reference's to the last bit; nothing
/// falls earlier or later when θ₀ moves by an ulp.
struct AbsorbedGoldenTests {
  /// Every golden run.
  static let names = GoldenRun.absorbed

  /// The pole's losses count steps, so they are the same on other versions of MuJoCo.
  static let comparable = names.filter { ControlGoldenTests.isExact || $0.contains("_invpend") }

  @Test("the reference's runs on four robots are there")
  func complete() {
    #expect(Self.names.count == 18)
    #expect(Set(Self.names.map { $0.split(separator: "_")[2] }).count == 4)
  }

  @Test(arguments: comparable)
  func followsTheReference(_ name: String) throws {
    let run = try ControlRun(name, in: "absorb")
    let log = StepLog()
    // On one thread, where blocks of one particle go one after another.
    let estimator = try run.makeEstimator(threads: 1) { log.append($0) }
    try expectSteps([log.take()], "burn_in", run)
    try expectCarried(estimator, run, iteration: 0)
    var counts = [(clock: estimator.environmentSteps, simulated: estimator.simulatedSteps)]
    var windows: [[StepLog.Step]] = []
    for (index, key) in run.run.windowKeys.enumerated() {
      #expect(try [key.word0, key.word1] == run.golden.words("key\(index + 1)"))
      let estimate = try estimator.estimate(theta: run.theta(index), key: key)
      windows.append(log.take())
      let gradient = try run.run.vector("grad", index + 1, layout: run.task.layout)
      #expect(
        relativeDistance(estimate.gradient, gradient)
          < (name.contains("_invpend") ? 1e-6 : ControlGoldenTests.tolerance),
        "gradient \(index + 1)")
      let loss = try run.golden.floats("mean_loss\(index + 1)")[0]
      #expect(abs(estimate.meanLoss - loss) < 1e-6 * max(1, abs(loss)), "mean loss \(index + 1)")
      try expectCarried(estimator, run, iteration: index + 1)
      counts.append((estimator.environmentSteps, estimator.simulatedSteps))
    }
    try expectSteps(windows, "step", run)
    #expect(try counts.map(\.clock) == run.golden.integers("total_env_steps"))
    // Recorded are those of the burn-in and of each window.
    let taken = try run.golden.integers("real_env_steps")
    #expect(counts.map(\.simulated) == taken.indices.map { taken[...$0].reduce(0, +) })
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
      let simulator = run.task.simulator
      var observation = [Double](repeating: 0, count: simulator.spec.observationCount)
      let observations = states.flatMap { state in
        simulator.observe(state.base, into: &observation)
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

  /// Expects each step to be the reference's: its loss, whether it was taken, and whether it was the
  /// horizon's.
  ///
  /// Logged are a particle's steps of a window, then the next one's: first both sides of its pair in
  /// turn, then what TES advances with θ alone. Recorded are rows of all particles' steps.
  private func expectSteps(_ windows: [[StepLog.Step]], _ part: String, _ run: ControlRun) throws {
    let sides = ["pos", "neg", "own"].filter { run.golden.names.contains("\(part)_\($0)_loss") }
    let particles = run.run.flags.particleCount
    for (side, name) in sides.enumerated() {
      let own = windows.flatMap { window in
        let length = window.count / particles / sides.count
        return (0..<length).flatMap { step in
          let index = name == "own" ? side * length + step : 2 * step + side
          return (0..<particles).map { window[$0 * length * sides.count + index] }
        }
      }
      let array = "\(part)_\(name)"
      #expect(try own.map(\.loss) == run.golden.floats("\(array)_loss"), "\(array)")
      #expect(
        try own.map { $0.isSimulated ? 0 : 1 } == run.golden.integers("\(array)_absorbed"),
        "\(array)")
      #expect(
        try own.map { $0.isDone ? 1 : 0 } == run.golden.integers("\(array)_done"), "\(array)")
    }
  }

  /// An evaluation of the reference.
  struct Evaluation: Sendable, CustomTestStringConvertible {
    let robot: String
    let environment: any Environment
    let horizon: Int
    let kind: String

    var testDescription: String { "\(robot) \(kind) \(horizon)" }
  }

  static let evaluations = ["plain", "smooth"].flatMap { kind in
    [30, 1000].map {
      Evaluation(robot: "invpend", environment: InvertedPendulum(), horizon: $0, kind: kind)
    }
      + [40, 1000].map {
        Evaluation(robot: "hopper", environment: Locomotion.hopper, horizon: $0, kind: kind)
      }
  }

  @Test(
    "each of 20 episodes ends where the reference's does, with its return, on every engine",
    arguments: evaluations.filter { ControlGoldenTests.isExact || $0.robot == "invpend" })
  func evaluates(_ evaluation: Evaluation) throws {
    let golden = try Golden("absorb/rl_absorb_eval")
    let (robot, horizon) = (evaluation.robot, evaluation.horizon)
    let recorded = "\(robot)_\(evaluation.kind)_T\(horizon)"
    let theta = try golden.floats("\(robot)_theta")
    let key = PRNGKey(seed: 12)
    let seed = ControlTask.evaluationSeed(key: key)
    #expect(try Int(seed) == golden.integers("\(robot)_np_seed")[0])
    let sigma = evaluation.kind == "plain" ? 0 : try Float(golden.doubles("\(robot)_sigma")[0])
    func task(_ physics: PhysicsEngine) throws -> ControlTask {
      ControlTask(
        simulator: try Simulator(evaluation.environment, timeLimit: horizon, physics: physics))
    }
    func returns(_ task: ControlTask) throws -> [Double] {
      try task.episodeReturns(
        theta: theta, key: key, sigma: sigma, pool: WorkerPool(threadCount: 2))
    }
    let alone = try task(.mujoco)
    let found = try returns(alone)
    let expected = try golden.doubles("\(recorded)_returns")
    // The pole's are numbers of steps.
    let tolerance = robot == "invpend" ? 0 : 1e-4
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance })
    if ControlGoldenTests.isExact { #expect(try returns(task(.lanes)) == found) }

    let noise = key.split().1
    let lengths = try (0..<20).map { episode in
      let epsilon = alone.layout.noise(key: noise.split(20, at: episode), sigma: sigma)
      return try alone.recordEpisode(
        theta: sigma == 0 ? theta : zip(theta, epsilon).map { $0 + $1 },
        seed: ControlTask.seed(ofEpisode: episode, from: seed)
      ).states.count
    }
    #expect(try lengths == golden.integers("\(recorded)_lengths"))
  }
}
