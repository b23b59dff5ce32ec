import Envs
import Estimators
import Parameters
import Randomness
import Synchronization
import Tasks
import Testing
import Unrolls
import Workers

/// Policies that normalize observations, and the statistics of those that training meets.
struct NormalizationTests {
  private static func task(
    _ environment: any Environment, _ architecture: Policy.Architecture = .linear,
    _ physics: PhysicsEngine = .auto, normalizes: Bool = true
  ) throws -> ControlTask {
    ControlTask(
      simulator: try Simulator(environment, timeLimit: 30, physics: physics),
      architecture: architecture, normalizesObservations: normalizes)
  }

  /// A θ with statistics, and its parts.
  private struct Sample {
    var theta, plain, means, deviations: [Float]

    init(_ task: ControlTask, _ plainTask: ControlTask) {
      plain = plainTask.layout.noise(key: PRNGKey(seed: 3), sigma: 0.5)
      let count = task.simulator.spec.observationCount
      means = (0..<count).map { Float($0) / 7 - 0.3 }
      deviations = (0..<count).map { 0.3 + Float($0 % 5) }
      theta = plain + [12] + deviations + means
    }

    func normalized(_ observation: [Float]) -> [Float] {
      observation.indices.map { (observation[$0] - means[$0]) / deviations[$0] }
    }
  }

  @Test(
    "an evaluation has the rewards of the plain policy on what is normalized by hand",
    arguments: Policy.Architecture.allCases)
  func evaluation(_ architecture: Policy.Architecture) throws {
    for environment: any Environment in [Locomotion.swimmer, Locomotion.hopper] {
      let plain = try Self.task(environment, architecture, normalizes: false)
      let task = try Self.task(environment, architecture)
      let sample = Sample(task, plain)
      #expect(task.layout.count == sample.theta.count)
      var policy = plain.policy.makeScratch()
      let scratch = try plain.simulator.makeScratch()
      let key = PRNGKey(seed: 8)
      let first = ControlTask.evaluationSeed(key: key)
      let expected = try (0..<5).map { episode in
        var state = try plain.simulator.reset(
          seed: ControlTask.seed(ofEpisode: episode, from: first), in: scratch)
        var reward = 0.0
        while true {
          plain.simulator.observe(state, into: &policy.observation)
          policy.observation = sample.normalized(policy.observation)
          plain.policy.act(theta: sample.plain, in: &policy)
          let result = try plain.simulator.step(&state, action: policy.action, in: scratch)
          reward += result.reward
          if result.hasEnded { return reward }
        }
      }
      for physics in [PhysicsEngine.auto, .mujoco] {
        let task = try Self.task(environment, architecture, physics)
        let pool = WorkerPool(threadCount: 2)
        let found = try task.episodeReturns(
          theta: sample.theta, key: key, episodes: 5, pool: pool)
        #expect(found == expected)
        let unlike = try task.episodeReturns(
          theta: task.initialParameters(key: key)[...].indices.map {
            $0 < sample.plain.count ? sample.plain[$0] : task.initialParameters(key: key)[$0]
          }, key: key, episodes: 5, pool: pool)
        #expect(unlike != expected)
      }
    }
  }

  /// A control task that notes what its policy acts on, one state after the other.
  private struct WatchedTask: UnrolledTask {
    final class Seen: Sendable {
      let observations = Mutex<[[Float]]>([])
    }

    let task: ControlTask
    let seen = Seen()

    var layout: ParameterLayout { task.layout }
    var horizon: Int { task.horizon }
    func initialParameters(key: PRNGKey) -> [Float] { task.initialParameters(key: key) }
    func makeScratch() throws -> ControlTask.Scratch { try task.makeScratch() }
    func stepIndex(of state: EnvironmentState) -> Int { state.step }

    func start(
      theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout ControlTask.Scratch
    ) throws -> EnvironmentState {
      try task.start(theta: theta, key: key, at: start, in: &scratch)
    }

    func advance(
      _ state: inout EnvironmentState, theta: [Float], key: StepKey,
      in scratch: inout ControlTask.Scratch
    ) throws -> StepOutcome {
      var observation = [Float](repeating: 0, count: task.simulator.spec.observationCount)
      task.simulator.observe(state, into: &observation)
      let outcome = try task.advance(&state, theta: theta, key: key, in: &scratch)
      if outcome.isSimulated { seen.observations.withLock { $0.append(observation) } }
      return outcome
    }
  }

  private static let estimators = EstimatorCatalogue.all.filter {
    !$0.needsDerivatives && $0.id != FullESTrajectory.id
  }.map { $0.id }

  @Test("a window's moments are those of what its policies acted on", arguments: estimators)
  func moments(_ name: String) throws {
    let estimator = try EstimatorCatalogue.named(name)
    let watched = WatchedTask(task: try Self.task(InvertedPendulum(), .linear, .mujoco))
    let settings = EstimatorSettings(
      particleCount: 5, windowLength: estimator.needsWindowLength ? 10 : 30, noisePeriod: 4,
      sigma: 0.5)
    let keys = PRNGKey(seed: 4).split(4)
    let theta = Sample(
      watched.task, try Self.task(InvertedPendulum(), .linear, normalizes: false)
    ).theta
    let expected = try estimator.make(
      watched, settings: settings, theta: theta, key: keys[3], pool: WorkerPool(threadCount: 1))
    let found = try [(PhysicsEngine.auto, 1), (.auto, 3), (.mujoco, 1), (.mujoco, 3)].map {
      try estimator.make(
        Self.task(InvertedPendulum(), .linear, $0), settings: settings, theta: theta,
        key: keys[3], pool: WorkerPool(threadCount: $1))
    }
    for window in 0..<3 {
      watched.seen.observations.withLock { $0 = [] }
      let steps = expected.simulatedSteps
      let plain = try expected.estimate(theta: theta, key: keys[window])
      #expect(plain.moments == Moments())
      let seen = watched.seen.observations.withLock { $0 }
      let estimates = try found.map { try $0.estimate(theta: theta, key: keys[window]) }
      for estimate in estimates {
        #expect(estimate.moments == estimates[0].moments)
        #expect(estimate.gradient == plain.gradient)
        #expect(estimate.gradient.suffix(9).allSatisfy { $0 == 0 })
      }
      let moments = estimates[0].moments
      #expect(moments.count == expected.simulatedSteps - steps && moments.count == seen.count)
      // TES has windows of poles that all lie.
      for index in 0..<4 where !seen.isEmpty {
        let numbers = seen.map { Double($0[index]) }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance =
          numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        // A number is rounded by 2⁻²¹ at most.
        #expect(abs(moments.means[index] - mean) < 0x1p-20)
        #expect(abs(moments.deviations[index] - variance.squareRoot()) < 0x1p-20)
      }
    }
  }

  @Test("without normalization nothing is counted, and θ has no statistics")
  func without() throws {
    let task = try Self.task(InvertedPendulum(), normalizes: false)
    #expect(task.layout.count == 4)
    let theta = task.initialParameters(key: PRNGKey(seed: 1))
    var used = theta
    var moments = Moments(numberCount: 4)
    moments.add([1, 2, 3, 4])
    task.policy.use(moments, in: &used)
    #expect(used == theta && task.policy.moments(of: theta) == Moments())
  }

  @Test("θ's statistics are set from moments, and read back")
  func statistics() throws {
    let task = try Self.task(InvertedPendulum(), .mlp)
    var theta = task.initialParameters(key: PRNGKey(seed: 1))
    #expect(theta.suffix(9) == [0, 1, 1, 1, 1, 0, 0, 0, 0])
    let initial = theta
    task.policy.use(Moments(), in: &theta)
    #expect(theta == initial)
    var moments = Moments(numberCount: 4)
    for number: Float in [-1, 1] { moments.add([number, 3 + 2 * number, 0.5, 0]) }
    task.policy.use(moments, in: &theta)
    #expect(theta.dropLast(9) == initial.dropLast(9))
    #expect(theta.suffix(9) == [2, 1, 2, 1, 1, 0, 3, 0.5, 0])
    #expect(task.policy.moments(of: theta).means == [0, 3, 0.5, 0])
    #expect(Policy(layout: task.layout, for: task.simulator.spec)?.normalizesObservations == true)
  }
}
