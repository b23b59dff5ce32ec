import Differentiation
import Parameters
public import Randomness
import Unrolls
public import Workers

extension DynamicalSystem {
  /// The reference's number of particles of an evaluation.
  public static var evaluationParticles: Int { 10_000 }

  /// Mean losses of whole episodes, one for each particle.
  ///
  /// - Parameters:
  ///   - theta: θ.
  ///   - key: (initial states, first noise, steps) = split(key, 3); at each step (·, ·, noise) =
  ///     split(steps, 3), and the first of them carries on.
  ///   - sigma: σ of the noise that perturbs each particle's θ; 0 for none.
  ///   - noisePeriod: K: noise is redrawn after every K steps; never within the episode if nil.
  ///   - particles: Number of particles.
  ///   - pool: The threads to run on.
  public func episodeLosses(
    theta: [Float], key: PRNGKey, sigma: Float = 0, noisePeriod: Int? = nil,
    particles: Int = Self.evaluationParticles, pool: WorkerPool
  ) throws -> [Float] {
    let (initial, noise, steps) = key.split3()
    let period = sigma > 0 ? min(noisePeriod ?? horizon, horizon) : horizon
    precondition(period > 0, "noise is redrawn after at least one step")
    let evaluation = Evaluation(
      system: self, theta: theta, initialKey: initial, sigma: sigma, period: period,
      noiseKeys: noiseKeys(first: noise, steps: steps, period: period), particles: particles)
    return try pool.collected {
      let own = pool.share(of: particles)
      let size = Evaluation<Self>.groupSize
      var groups = stride(from: own.lowerBound, to: own.upperBound, by: size).map { first in
        (particles: first..<min(first + size, own.upperBound), losses: [Float]())
      }
      var scratches: [Void] = Array(repeating: (), count: pool.threadCount)
      try pool.update(&groups, scratches: &scratches) { _, group, _ in
        group.losses = evaluation.losses(of: group.particles)
      }
      return groups.flatMap(\.losses)
    }
  }

  /// The key of each noise of an episode: `first`, then one after every `period` steps.
  private func noiseKeys(first: PRNGKey, steps: PRNGKey, period: Int) -> [PRNGKey] {
    var keys = [first]
    var carried = steps
    if period >= horizon { return keys }
    for step in stride(from: 1, to: horizon, by: 1) {
      let (next, _, noise) = carried.split3()
      if step % period == 0 { keys.append(noise) }
      carried = next
    }
    return keys
  }
}

/// One evaluation of a θ, for any group of its particles.
private struct Evaluation<System: DynamicalSystem>: Sendable {
  var system: System
  var theta: [Float]
  var initialKey: PRNGKey
  var sigma: Float
  var period: Int
  var noiseKeys: [PRNGKey]
  var particles: Int

  private typealias Block = SIMD16<Float>

  /// Particles that one thread takes at a time: a few blocks, for the sake of kernels.
  static var groupSize: Int { 4 * Block.laneCount }

  func losses(of group: Range<Int>) -> [Float] {
    let blocks = (group.count + Block.laneCount - 1) / Block.laneCount
    var values = blocked(group, count: system.valueCount) { particle in
      system.initialValues(key: initialKey.split(particles, at: particle).split().0)
    }
    var sums = Array(repeating: Block(0), count: blocks)
    for (index, key) in noiseKeys.enumerated() {
      let steps = min(period, system.horizon - index * period)
      system.addLosses(
        &values, coefficients: coefficients(of: group, noiseKey: key), steps: steps, to: &sums)
    }
    return group.indices.map { index in
      let lane = index - group.lowerBound
      return sums[lane / Block.laneCount][lane % Block.laneCount] / Float(system.horizon)
    }
  }

  /// What the steps need of each particle's θ + ε, block after block.
  private func coefficients(of group: Range<Int>, noiseKey: PRNGKey) -> [Block] {
    var noise = [Float](repeating: 0, count: theta.count)
    let thetas = blocked(group, count: theta.count) { particle in
      guard sigma > 0 else { return theta }
      system.layout.drawNoise(
        into: &noise, key: noiseKey.split(particles, at: particle), sigma: sigma)
      return zip(theta, noise).map { $0 + $1 }
    }
    var coefficients: [Block] = []
    for first in stride(from: 0, to: thetas.count, by: theta.count) {
      var prepared = Array(repeating: Block(0), count: system.coefficientCount)
      var span = prepared.mutableSpan
      system.prepare(thetas.span.extracting(first..<first + theta.count), into: &span)
      coefficients += prepared
    }
    return coefficients
  }

  /// `count` numbers of each particle as blocks, a lane a particle; the last particle's again where
  /// the last block has lanes left.
  private func blocked(_ group: Range<Int>, count: Int, _ numbers: (Int) -> [Float]) -> [Block] {
    let lanes = Block.laneCount
    var blocks: [Block] = []
    for first in stride(from: group.lowerBound, to: group.upperBound, by: lanes) {
      let rows = (first..<min(first + lanes, group.upperBound)).map(numbers)
      for index in 0..<count {
        var block = Block(rows[rows.count - 1][index])
        for lane in rows.indices { block[lane] = rows[lane][index] }
        blocks.append(block)
      }
    }
    return blocks
  }
}
