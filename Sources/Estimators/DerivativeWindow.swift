import Randomness
public import Unrolls

/// One window as a block of particles sees it.
public struct DerivativeWindow<Task: DifferentiableTask>: Sendable {
  public let task: Task
  public let settings: EstimatorSettings
  /// θ, the same for all particles.
  public let theta: [Float]
  public let keys: DerivativeKeys
  /// The transitions' keys.
  public let unrolls: StepKeys
  /// Steps to run.
  public let length: Int
  /// The block's particles among `settings.particleCount`.
  public let particles: [Int]

  /// Starts an episode for each particle, with the window's start key.
  func start(at start: EpisodeStart, lane: inout DerivativeLane<Task>) throws -> [Task.State] {
    try particles.map { particle in
      let key = keys.start.split(settings.particleCount, at: particle)
      return try task.start(theta: theta, key: key, at: start, in: &lane.scratch)
    }
  }

  /// The most steps, up to `limit`, that none of the states ends its episode before the last of.
  func steps(of states: [Task.State], limit: Int) -> Int {
    states.reduce(limit) { min($0, task.horizon - task.stepIndex(of: $1)) }
  }

  /// Begins the next episode of each state that got to the end of its last with step `step`.
  ///
  /// - Parameter particles: The states' particles; by default those of the block.
  /// - Returns: The places of those states.
  @discardableResult
  func restartFinished(
    _ states: inout [Task.State], of particles: [Int]? = nil, after step: Int,
    lane: inout DerivativeLane<Task>
  ) throws -> [Int] {
    var restarted: [Int] = []
    for index in states.indices where task.stepIndex(of: states[index]) >= task.horizon {
      let key = unrolls.key(step: step, particle: (particles ?? self.particles)[index])
      try task.restart(&states[index], theta: theta, key: key, in: &lane.scratch)
      restarted.append(index)
    }
    return restarted
  }

  /// Draws a direction v ~ N(0, I) for a particle of the block, from a key that all particles share.
  func direction(of particle: Int, from shared: PRNGKey) -> [Float] {
    task.layout.noise(key: shared.split(settings.particleCount, at: particle), sigma: 1)
  }
}

/// What one thread needs to run blocks.
public struct DerivativeLane<Task: DifferentiableTask> {
  public var scratch: Task.Scratch
  /// Losses of a segment: that of step i of state j at i · `blockSize` + j.
  public var losses: [Float] = []
  /// Their derivatives along the particles' directions.
  public var lossTangents: [Float] = []

  /// Makes room for the losses of `steps` steps.
  mutating func reserve(steps: Int) {
    let count = steps * Task.blockSize
    guard losses.count < count else { return }
    losses = [Float](repeating: 0, count: count)
    lossTangents = losses
  }
}
