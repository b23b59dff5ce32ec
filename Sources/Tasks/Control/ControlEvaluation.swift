import Envs
public import Randomness
import Unrolls
public import Workers

extension ControlTask {
  /// The reference's number of evaluation episodes.
  public static var evaluationEpisodes: Int { 20 }

  /// The NumPy seed of an evaluation's first episode, drawn from the first half of its key.
  public static func evaluationSeed(key: PRNGKey) -> UInt32 {
    UInt32(key.split().0.randomInteger(in: 0..<1_000_000))
  }

  /// The NumPy seed of episode `episode` where episode 0 has `first`; the largest is followed by 0.
  public static func seed(ofEpisode episode: Int, from first: UInt32) -> UInt32 {
    first &+ UInt32(truncatingIfNeeded: episode)
  }

  /// Undiscounted reward sum of an episode, which may end before the horizon; not a number where the
  /// simulation diverges, whatever it earned until then.
  ///
  /// - Parameters:
  ///   - theta: θ.
  ///   - seed: The environment's NumPy seed.
  ///   - scratch: The calling thread's.
  public func episodeReturn(
    theta: [Float], seed: UInt32, in scratch: inout Scratch
  ) throws -> Double {
    var state = try simulator.reset(seed: seed, in: scratch.simulation)
    var reward = 0.0
    while true {
      let result = try act(&state, theta: theta, in: &scratch)
      if result.hasDiverged { return .nan }
      reward += result.reward
      if result.hasEnded { return reward }
    }
  }

  /// Undiscounted reward sums of episodes, one for each environment; not a number where the
  /// simulation diverges, under either policy: what θ is worth is no failure.
  ///
  /// - Parameters:
  ///   - theta: θ.
  ///   - key: (reset, noise) = split(key); environment e is seeded with the drawn seed + e.
  ///   - sigma: σ of the noise that perturbs each environment's θ for the whole episode; 0 for
  ///     none. The reference means to redraw it every K steps but draws the same noise again.
  ///   - episodes: Number of environments.
  ///   - pool: The threads to run on.
  public func episodeReturns(
    theta: [Float], key: PRNGKey, sigma: Float = 0,
    episodes: Int = ControlTask.evaluationEpisodes, pool: WorkerPool
  ) throws -> [Double] {
    let first = Self.evaluationSeed(key: key)
    let (_, noise) = key.split()
    return try pool.collected {
      let own = pool.share(of: episodes)
      var scratches = try (0..<pool.threadCount).map { _ in try makeScratch() }
      let size = episodesTogether(of: own.count, threads: pool.threadCount)
      var groups = stride(from: own.lowerBound, to: own.upperBound, by: size).map { first in
        EpisodeGroup(episodes: first..<min(first + size, own.upperBound))
      }
      try pool.update(&groups, scratches: &scratches) { _, group, scratch in
        let thetas = group.episodes.map { index in
          if sigma == 0 { return theta }
          let epsilon = layout.noise(key: noise.split(episodes, at: index), sigma: sigma)
          return zip(theta, epsilon).map { $0 + $1 }
        }
        let seeds = group.episodes.map { Self.seed(ofEpisode: $0, from: first) }
        group.returns = try returns(thetas: thetas, seeds: seeds, in: &scratch)
      }
      return groups.flatMap(\.returns)
    }
  }

  /// Episodes that go side by side.
  private struct EpisodeGroup {
    var episodes: Range<Int>
    var returns: [Double] = []
  }

  /// How many of `count` episodes a thread runs side by side, such that each of `threads` has some.
  package func episodesTogether(of count: Int, threads: Int) -> Int {
    guard advancesTogether else { return 1 }
    return LaneScratch.groupSize(for: count, threads: threads)
  }

  /// Undiscounted reward sums of episodes, one of each θ with the seed at its place; not a number where the
  /// simulation diverges, under either policy.
  package func returns(
    thetas: [[Float]], seeds: [UInt32], in scratch: inout Scratch
  ) throws -> [Double] {
    let states = try seeds.map { try simulator.reset(seed: $0, in: scratch.simulation) }
    return try returns(from: states, thetas: thetas, in: &scratch)
  }
}
