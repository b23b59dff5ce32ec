package import Randomness
package import Unrolls
package import Workers

/// The mean loss of an episode as a function of θ, for pictures of it.
///
/// All episodes have the same randomness, so that losses differ by θ alone.
package struct LossSurface<Task: BlockTask>: Sendable {
  private let task: Task
  private let startKey: PRNGKey
  private let stepKeys: StepKeys
  private let noiseKey: PRNGKey

  /// - Parameter key: (start, steps, noise) = split(key, 3): what all θ's share.
  package init(_ task: Task, key: PRNGKey) {
    self.task = task
    let (start, steps, noise) = key.split3()
    startKey = start
    stepKeys = StepKeys(shared: steps.split(task.horizon), particleCount: 1)
    noiseKey = noise
  }

  /// What is smoothed: the mean over some draws of θ + ε, ε ~ N(0, σ²I), the same for all θ's.
  package struct Smoothing: Hashable, Sendable {
    package let sigma: Float
    package let draws: Int

    package init(sigma: Float, draws: Int) {
      precondition(draws > 0, "a mean of something")
      self.sigma = sigma
      self.draws = draws
    }
  }

  private struct Scratch {
    var scratch: Task.Scratch
    var losses: [Float]
  }

  /// θ's that are unrolled side by side.
  private struct Block {
    var thetas: [[Float]]
    var losses: [Double]
  }

  /// So many steps' losses stay in the cache until they are added up.
  private static var stretch: Int { 100 }

  /// Mean losses of whole episodes; not finite where the task overflows.
  ///
  /// - Parameters:
  ///   - thetas: Where.
  ///   - smoothing: nil for the loss itself.
  ///   - report: Called now and then with the number of θ's that are done; may end it all.
  package func losses(
    at thetas: [[Float]], smoothing: Smoothing? = nil, pool: WorkerPool,
    report: (_ done: Int) throws -> Void = { _ in }
  ) throws -> [Double] {
    let noise = smoothing.map { smoothing in
      (0..<smoothing.draws).map {
        task.layout.noise(key: noiseKey.split(smoothing.draws, at: $0), sigma: smoothing.sigma)
      }
    }
    var scratches = try (0..<pool.threadCount).map { _ in
      Scratch(
        scratch: try task.makeScratch(),
        losses: [Float](repeating: 0, count: Self.stretch * Task.blockSize))
    }
    var losses: [Double] = []
    losses.reserveCapacity(thetas.count)
    // Something for each thread, but together what goes faster together.
    let share = (thetas.count + pool.threadCount - 1) / pool.threadCount
    let blockSize = task.advancesTogether ? max(1, min(Task.blockSize, share)) : 1
    let batchSize = 8 * pool.threadCount * blockSize
    for first in stride(from: 0, to: thetas.count, by: batchSize) {
      let batch = thetas[first..<min(first + batchSize, thetas.count)]
      var blocks = stride(from: batch.startIndex, to: batch.endIndex, by: blockSize).map {
        Block(thetas: Array(batch[$0..<min($0 + blockSize, batch.endIndex)]), losses: [])
      }
      try pool.update(&blocks, scratches: &scratches) { _, block, scratch in
        block.losses = try meanLosses(of: block.thetas, noise: noise, in: &scratch)
      }
      losses += blocks.flatMap(\.losses)
      try report(losses.count)
    }
    return losses
  }

  private func meanLosses(
    of thetas: [[Float]], noise: [[Float]]?, in scratch: inout Scratch
  ) throws -> [Double] {
    guard let noise else { return try meanLosses(of: thetas, in: &scratch) }
    var means = [Double](repeating: 0, count: thetas.count)
    for epsilon in noise {
      let perturbed = thetas.map { theta in zip(theta, epsilon).map { $0 + $1 } }
      for (index, loss) in try meanLosses(of: perturbed, in: &scratch).enumerated() {
        means[index] += loss / Double(noise.count)
      }
    }
    return means
  }

  private func meanLosses(of thetas: [[Float]], in scratch: inout Scratch) throws -> [Double] {
    var states = try thetas.map {
      try task.start(theta: $0, key: startKey, at: .beginning, in: &scratch.scratch)
    }
    let particles = [Int](repeating: 0, count: thetas.count)
    var sums = [Double](repeating: 0, count: thetas.count)
    for done in stride(from: 0, to: task.horizon, by: Self.stretch) {
      let steps = min(Self.stretch, task.horizon - done)
      try task.unroll(
        &states, thetas: thetas, steps: steps, keys: stepKeys.dropping(done),
        particles: particles, losses: &scratch.losses, in: &scratch.scratch)
      for step in 0..<steps {
        for index in sums.indices {
          sums[index] += Double(scratch.losses[step * Task.blockSize + index])
        }
      }
    }
    return sums.map { $0 / Double(task.horizon) }
  }
}
