public import Randomness
public import Unrolls

/// One window as a block of particles sees it. Methods count particles from the block's first.
public struct Window<Task: UnrolledTask>: Sendable {
  public let task: Task
  public let settings: EstimatorSettings
  /// θ, the same for all particles.
  public let theta: [Float]
  public let keys: WindowKeys
  /// The transitions' keys, of all steps.
  public let unrolls: StepKeys
  /// Steps to run.
  public let length: Int
  /// The noise's standard deviation.
  let noiseDeviation: Float
  /// The block's particles among `settings.particleCount`.
  public let particles: Range<Int>
  /// The particle of each state, for both sides of pairs.
  let sides: [Int]

  /// A value of each particle of the block.
  public func mapParticles<Value>(_ value: (_ particle: Int) throws -> Value) rethrows -> [Value] {
    try particles.map { try value($0 - particles.lowerBound) }
  }

  /// The particle's row of a key that all particles share.
  public func key(of particle: Int, from shared: PRNGKey) -> PRNGKey {
    shared.split(settings.particleCount, at: particles.lowerBound + particle)
  }

  /// Starts an episode of a particle with the window's start key.
  public func start(
    _ particle: Int, theta: [Float], at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws -> Task.State {
    try task.start(
      theta: theta, key: key(of: particle, from: keys.start), at: start, in: &workspace.scratch)
  }

  /// Starts an episode of each particle with θ.
  public func start(
    at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws -> [Task.State] {
    try mapParticles { try self.start($0, theta: theta, at: start, in: &workspace) }
  }

  /// Draws ε ~ N(0, σ²I), of a direction N(0, I), for a particle from a key that all particles share.
  public func drawNoise(_ particle: Int, into noise: inout [Float], from shared: PRNGKey) {
    task.layout.drawNoise(
      into: &noise, key: key(of: particle, from: shared), sigma: noiseDeviation)
  }

  /// ε of each particle from a key that all particles share.
  public func noises(from shared: PRNGKey) -> [[Float]] {
    mapParticles { particle in
      var noise = [Float](repeating: 0, count: theta.count)
      drawNoise(particle, into: &noise, from: shared)
      return noise
    }
  }

  /// The most steps from `step` of the window on, up to `limit`, that end no episode before the last.
  ///
  /// - Parameter clocks: The step of its episode that each trajectory stands at.
  public func stretch(from step: Int, upTo limit: Int, clocks: [Int]) -> Int {
    clocks.reduce(min(limit, length - step)) { min($0, task.horizon - $1) }
  }

  /// Takes steps with a state of each particle or with both sides of their pairs, from `step` of
  /// the window on, until the window or an episode ends.
  ///
  /// Where threads have nothing else to do, the sides of pairs run side by side.
  ///
  /// - Parameters:
  ///   - limit: The most steps to take.
  ///   - thetas: A θ for each state.
  ///   - totals: Losses and steps are added.
  /// - Returns: The number of steps taken. Their losses are the workspace's.
  public func unroll(
    _ states: inout [Task.State], from step: Int, upTo limit: Int = .max, thetas: [[Float]],
    into totals: inout WindowTotals, in workspace: inout Workspace<Task>
  ) throws -> Int {
    let steps = min(limit, length - step)
    let particles = states.count == sides.count ? sides : Array(particles)
    let outcome = try workspace.unroll(
      &states, of: task, upTo: steps, thetas: thetas, keys: unrolls.dropping(step),
      particles: particles)
    totals.add(workspace.losses, among: states.count)
    totals.environmentSteps += states.count * outcome.steps
    totals.simulatedSteps += outcome.simulatedSteps
    return outcome.steps
  }
}
