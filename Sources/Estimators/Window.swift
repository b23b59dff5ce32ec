public import Randomness
public import Unrolls

/// One window as a block of particles sees it.
public struct Window<Task: UnrolledTask>: Sendable {
  public let task: Task
  public let settings: EstimatorSettings
  /// θ, the same for all particles.
  public let theta: [Float]
  public let keys: WindowKeys
  /// The block's particles among `settings.particleCount`. Methods count from its first.
  public let particles: Range<Int>
  /// The particle of each state, for both sides of pairs.
  let sides: [Int]

  /// Steps to run.
  public var length: Int { keys.unrolls.count }

  /// A value of each particle of the block.
  public func mapParticles<Value>(_ value: (_ particle: Int) throws -> Value) rethrows -> [Value] {
    try particles.map { try value($0 - particles.lowerBound) }
  }

  /// Starts an episode of a particle with the window's start key.
  public func start(
    _ particle: Int, theta: [Float], at start: EpisodeStart, lane: inout Lane<Task>
  ) throws -> Task.State {
    let key = keys.start.split(settings.particleCount, at: particles.lowerBound + particle)
    return try task.start(theta: theta, key: key, at: start, in: &lane.scratch)
  }

  /// Starts an episode of each particle with θ.
  public func start(at start: EpisodeStart, lane: inout Lane<Task>) throws -> [Task.State] {
    try mapParticles { try self.start($0, theta: theta, at: start, lane: &lane) }
  }

  /// Draws ε ~ N(0, σ²I) for a particle from a key that all particles share.
  public func drawNoise(_ particle: Int, into noise: inout [Float], from shared: PRNGKey) {
    task.layout.drawNoise(
      into: &noise,
      key: shared.split(settings.particleCount, at: particles.lowerBound + particle),
      sigma: Float(settings.sigma))
  }

  /// ε of each particle from a key that all particles share.
  public func noises(from shared: PRNGKey) -> [[Float]] {
    mapParticles { particle in
      var noise = [Float](repeating: 0, count: theta.count)
      drawNoise(particle, into: &noise, from: shared)
      return noise
    }
  }

  /// Takes steps with a state of each particle or with both sides of their pairs, from `step` of
  /// the window on, until the window or an episode ends.
  ///
  /// - Parameters:
  ///   - limit: The most steps to take.
  ///   - thetas: A θ for each state.
  /// - Returns: The number of steps taken. Their losses are the lane's.
  func advance(
    _ states: inout [Task.State], from step: Int, upTo limit: Int = .max, thetas: [[Float]],
    lane: inout Lane<Task>
  ) throws -> Int {
    let most = min(limit, length - step)
    lane.losses.makeRoom(for: most)
    let steps = try task.unroll(
      &states, upTo: most, thetas: thetas,
      keys: StepKeys(
        shared: keys.unrolls, from: step, particleCount: settings.particleCount),
      particles: states.count == sides.count ? sides : Array(particles),
      losses: &lane.losses.values,
      in: &lane.scratch
    ).steps
    lane.losses.keep(steps)
    return steps
  }
}

/// What one thread needs to run blocks of particles.
public struct Lane<Task: UnrolledTask> {
  public var scratch: Task.Scratch
  /// θ ± ε of the particles that are running.
  public var perturbed = AntitheticParameters()
  /// The losses of the steps taken last.
  public fileprivate(set) var losses = LossRows(stride: Task.blockSize)

  init(scratch: Task.Scratch) { self.scratch = scratch }
}
