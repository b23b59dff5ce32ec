public import Randomness
import Unrolls
public import Workers

extension LearnedOptimizerTask {
  /// The reference's number of particles of an evaluation: one where all episodes are the same.
  public var evaluationParticles: Int { singleSequenceSeed == nil ? 100 : 1 }

  /// Mean losses of whole episodes, one for each particle.
  ///
  /// - Parameters:
  ///   - theta: θ.
  ///   - key: (initial states, first noise, steps) = split(key, 3); at each step (steps, unroll, noise)
  ///     = split(steps, 3).
  ///   - sigma: σ of the noise that perturbs each particle's θ; 0 for none.
  ///   - noisePeriod: K: noise is redrawn after every K steps; never within the episode if nil.
  ///   - particles: Number of particles; the reference's if nil.
  ///   - pool: The threads to run on.
  public func episodeLosses(
    theta: [Float], key: PRNGKey, sigma: Float = 0, noisePeriod: Int? = nil,
    particles: Int? = nil, pool: WorkerPool
  ) throws -> [Float] {
    let steps = try stepLosses(
      theta: theta, key: key, sigma: sigma, noisePeriod: noisePeriod, particles: particles,
      pool: pool)
    return steps.map { $0.reduce(0, +) / Float(horizon) }
  }

  /// Losses after each step of whole episodes, T of them for each particle: what ``episodeLosses`` are the
  /// means of. The parameters are the same.
  public func stepLosses(
    theta: [Float], key: PRNGKey, sigma: Float = 0, noisePeriod: Int? = nil,
    particles: Int? = nil, pool: WorkerPool
  ) throws -> [[Float]] {
    let count = particles ?? evaluationParticles
    let (initial, firstNoise, first) = key.split3()
    var chain = first
    var unrolls: [PRNGKey] = []
    var noises = [firstNoise]
    for _ in 0..<horizon {
      let unroll: PRNGKey
      let noise: PRNGKey
      (chain, unroll, noise) = chain.split3()
      unrolls.append(unroll)
      noises.append(noise)
    }
    let period = noisePeriod ?? horizon
    precondition(period > 0, "noise is redrawn after at least one step")
    let keys = StepKeys(shared: unrolls, particleCount: count)
    let all = try pool.collected { [noises] in
      let own = pool.share(of: count)
      var losses = [[Float]](repeating: [], count: own.count)
      var scratches = (0..<pool.threadCount).map { _ in makeScratch() }
      try pool.update(&losses, scratches: &scratches) { index, losses, scratch in
        let particle = own.lowerBound + index
        var state = start(
          theta: theta, key: initial.split(count, at: particle), at: .beginning, in: &scratch)
        var perturbed = theta
        for step in 0..<horizon {
          if sigma > 0, step % period == 0 {
            let noise = layout.noise(key: noises[step].split(count, at: particle), sigma: sigma)
            for index in theta.indices { perturbed[index] = theta[index] + noise[index] }
          }
          let key = keys.key(step: step, particle: particle)
          losses.append(try advance(&state, theta: perturbed, key: key, in: &scratch).loss)
        }
      }
      return losses.flatMap(\.self)
    }
    return stride(from: 0, to: all.count, by: horizon).map { Array(all[$0..<$0 + horizon]) }
  }
}
