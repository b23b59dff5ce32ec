import Envs
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Workers

/// Whole episodes against the reference's evaluations: 4 environments at a given θ, key 12.
struct EvaluationTests {
  static let key = PRNGKey(seed: 12)

  /// An environment with the σ that its evaluations under noise were made with.
  static let cases: [(name: String, id: String, sigma: Float)] = [
    ("swimmer", "Swimmer-v4", 0.3), ("halfcheetah", "HalfCheetah-v4", 0.004),
  ]

  private func task(_ id: String, timeLimit: Int? = nil) throws -> ControlTask {
    ControlTask(simulator: try Simulator(EnvironmentCatalogue.named(id), timeLimit: timeLimit))
  }

  @Test(
    "every reward of 1000 steps is the reference's, to the last bit",
    .enabled(if: ControlGoldenTests.isExact), arguments: cases)
  func rewards(name: String, id: String, sigma: Float) throws {
    let golden = try Golden("eval/rl_eval")
    let task = try task(id)
    let theta = try golden.floats("\(name)_theta")
    let seed = try golden.integers("\(name)_np_seed")[0]
    #expect(seed == Int(Self.key.split().0.randomInteger(in: 0..<1_000_000)))
    var scratch = try task.makeScratch()
    let reset = try task.simulator.makeScratch()
    let recorded = try golden.doubles("\(name)_plain_K1000_rewards")
    for episode in 0..<4 {
      var state = try task.simulator.reset(seed: UInt32(seed + episode), in: reset)
      let rewards = try (0..<1000).map { _ in
        try task.act(&state, theta: theta, in: &scratch).reward
      }
      #expect(rewards == (0..<1000).map { recorded[4 * $0 + episode] }, "episode \(episode)")
    }
  }

  @Test(
    "sums of episodes are the reference's, without noise and with it",
    .enabled(if: ControlGoldenTests.isExact), arguments: cases)
  func sums(name: String, id: String, sigma: Float) throws {
    let golden = try Golden("eval/rl_eval")
    let task = try task(id)
    let theta = try golden.floats("\(name)_theta")
    func sums(_ kind: String) throws -> [Double] {
      let rewards = try golden.doubles("\(name)_\(kind)_rewards")
      return (0..<4).map { episode in
        (0..<1000).reduce(0) { $0 + rewards[4 * $1 + episode] }
      }
    }
    let pool = WorkerPool(threadCount: 2)
    let plain = try task.episodeReturns(theta: theta, key: Self.key, episodes: 4, pool: pool)
    #expect(try plain == sums("plain_K1000"))
    let smoothed = try task.episodeReturns(
      theta: theta, key: Self.key, sigma: sigma, episodes: 4, pool: pool)
    #expect(try smoothed == sums("smooth_K1000"))
    // The reference draws the same noise again every K steps.
    #expect(try smoothed == sums("smooth_K100"))
  }

  @Test("an episode alone is the one of that seed in an evaluation")
  func episode() throws {
    let task = try task("HalfCheetah-v4", timeLimit: 30)
    let theta = task.policy.initialParameters(.normal, scale: 1, key: PRNGKey(seed: 3))
    let rewards = try task.episodeReturns(
      theta: theta, key: Self.key, episodes: 5, pool: WorkerPool(threadCount: 2))
    let first = ControlTask.evaluationSeed(key: Self.key)
    var scratch = try task.makeScratch()
    for episode in (0..<5).reversed() {
      let seed = ControlTask.seed(ofEpisode: episode, from: first)
      #expect(seed == first + UInt32(episode))
      #expect(try task.episodeReturn(theta: theta, seed: seed, in: &scratch) == rewards[episode])
    }
    #expect(ControlTask.seed(ofEpisode: 3, from: .max - 1) == 1)
  }

  @Test("evaluations do not depend on the number of threads")
  func threads() throws {
    let task = try task("HalfCheetah-v4", timeLimit: 30)
    let theta = task.policy.initialParameters(.normal, scale: 1, key: PRNGKey(seed: 3))
    let rewards = try [1, 2, 7].map {
      try task.episodeReturns(
        theta: theta, key: PRNGKey(seed: 8), sigma: 0.1, pool: WorkerPool(threadCount: $0))
    }
    #expect(rewards[0].count == 20 && Set(rewards[0]).count == 20)
    #expect(rewards[1] == rewards[0] && rewards[2] == rewards[0])
  }

  @Test(
    "an episode that diverges has no return, whatever it earned",
    arguments: DivergencePolicy.allCases)
  func divergence(policy: DivergencePolicy) throws {
    let task = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 30, onDivergence: policy))
    func returns(_ value: Float) throws -> [Double] {
      try task.episodeReturns(
        theta: [Float](repeating: value, count: task.layout.count), key: Self.key,
        pool: WorkerPool(threadCount: 2))
    }
    #expect(try returns(3e30).allSatisfy(\.isNaN))
    #expect(try returns(0.1).allSatisfy(\.isFinite))
  }
}
