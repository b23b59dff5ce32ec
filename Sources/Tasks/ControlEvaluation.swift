import Envs
public import Randomness
import Unrolls
public import Workers

extension ControlTask {
  /// The reference's number of evaluation episodes.
  public static var evaluationEpisodes: Int { 20 }

  /// Undiscounted reward sums of whole episodes, one for each environment.
  ///
  /// - Parameters:
  ///   - theta: θ.
  ///   - key: (reset, noise) = split(key); environment e is seeded with the drawn seed + e.
  ///   - sigma: σ of the noise that perturbs each environment's θ for the whole episode; 0 for
  ///     none. The reference means to redraw it every K steps but draws the same noise again.
  ///   - episodes: Number of environments.
  ///   - pool: The threads to run on.
  public func episodeRewards(
    theta: [Float], key: PRNGKey, sigma: Float = 0,
    episodes: Int = ControlTask.evaluationEpisodes, pool: WorkerPool
  ) throws -> [Double] {
    let (reset, noise) = key.split()
    let seed = UInt32(reset.randomInteger(in: 0..<1_000_000))
    var lanes = try (0..<pool.laneCount).map { _ in try makeScratch() }
    var rewards = [Double](repeating: 0, count: episodes)
    try pool.update(&rewards, lanes: &lanes) { index, reward, scratch in
      var perturbed = theta
      if sigma > 0 {
        let epsilon = layout.noise(key: noise.split(episodes, at: index), sigma: sigma)
        for parameter in perturbed.indices { perturbed[parameter] += epsilon[parameter] }
      }
      var state = try simulator.reset(seed: seed + UInt32(index), in: scratch.simulation)
      var isDone = false
      while !isDone {
        let result = try act(&state, theta: perturbed, in: &scratch)
        reward += result.reward
        isDone = result.isDone
      }
    }
    return rewards
  }
}
