public import Randomness
public import Unrolls

/// One window as a block of particles sees it. Methods count particles from the block's first.
public struct Window<Task: UnrolledTask>: Sendable {
  // What has the task's type comes last: what is before it lies where the compiler knows.
  public let frame: WindowFrame
  /// The transitions' keys, of all steps.
  public let unrolls: StepKeys
  /// The particle of each state, for both sides of pairs.
  let sides: [Int]
  public let task: Task

  public var settings: EstimatorSettings { frame.settings }
  /// θ, the same for all particles.
  public var theta: [Float] { frame.theta }
  public var keys: WindowKeys { frame.keys }
  /// Steps to run.
  public var length: Int { frame.length }
  /// The block's particles among `settings.particleCount`.
  public var particles: Range<Int> { frame.particles }

  /// A value of each particle of the block.
  public func mapParticles<Value>(_ value: (_ particle: Int) throws -> Value) rethrows -> [Value] {
    try frame.mapParticles(value)
  }

  /// ε of each particle from a key that all particles share.
  public func noises(from shared: PRNGKey) -> [[Float]] { frame.noises(from: shared) }

  /// Starts an episode of a particle with the window's start key.
  public func start(
    _ particle: Int, theta: [Float], at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws -> Task.State {
    try task.start(
      theta: theta, key: frame.key(of: particle, from: keys.start), at: start,
      in: &workspace.scratch)
  }

  /// Starts an episode of each particle with θ.
  public func start(
    at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws -> [Task.State] {
    try task.start(
      theta: theta, keys: mapParticles { frame.key(of: $0, from: keys.start) }, at: start,
      in: &workspace.scratch)
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
  @inline(__always)
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
    totals.divergedSteps += outcome.divergedSteps
    totals.moments.merge(outcome.moments)
    return outcome.steps
  }
}
