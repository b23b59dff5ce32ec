public import Unrolls

/// Two trajectories of each particle of a block, unrolled with θ + ε and θ − ε under the same
/// randomness. They take their steps side by side and end their episodes together.
public struct AntitheticPairs<Task: UnrolledTask>: ParticleMotion {
  /// The states of θ + ε, in particle order, then those of θ − ε.
  public private(set) var states: [Task.State]

  public static var particleCount: Int { max(1, Task.blockSize / 2) }
  public static var summedParticles: Int? { nil }
  public static var noiseDeviation: Double? { nil }

  /// Both sides of each pair at the same state.
  public init(both states: [Task.State]) { self.states = states + states }

  /// Starts an episode of each particle with θ, for both of its sides.
  public init(
    _ window: Window<Task>, at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws {
    self.init(both: try window.start(at: start, in: &workspace))
  }

  /// Starts both sides of each pair with the workspace's θ ± ε at step 0.
  public init(fresh window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    let sides = workspace.perturbed.sides
    states = try sides.indices.map {
      try window.start(
        $0 % window.particles.count, theta: sides[$0], at: .beginning, in: &workspace)
    }
  }

  public static func regrouped(_ pairs: [Self], into sizes: [Int]) -> [Self]? {
    Estimators.regrouped(pairs.map(\.states), sides: 2, into: sizes).map(Self.init(states:))
  }

  private init(states: [Task.State]) { self.states = states }

  public var count: Int { states.count / 2 }
  /// The states of θ + ε.
  public var positives: ArraySlice<Task.State> { states[..<count] }
  /// The states of θ − ε.
  public var negatives: ArraySlice<Task.State> { states[count...] }

  public func use(
    _ noises: [[Float]], of particles: [Int], _ window: WindowFrame,
    in workspace: inout Workspace<Task>
  ) {
    workspace.perturbed.makeRoom(for: noises.count, theta: window.theta)
    for particle in particles {
      workspace.perturbed.set(particle, theta: window.theta, noise: noises[particle])
    }
  }

  /// Takes steps with the workspace's θ ± ε from `step` on, until the window or an episode ends.
  ///
  /// - Returns: The number of steps taken. Their losses are the workspace's.
  @inline(__always)
  public mutating func unroll(
    _ window: Window<Task>, from step: Int, upTo limit: Int = .max, into sum: inout BlockSum,
    in workspace: inout Workspace<Task>
  ) throws -> Int {
    try window.unroll(
      &states, from: step, upTo: limit, thetas: workspace.perturbed.sides, into: &sum.totals,
      in: &workspace)
  }

  /// The multiplier of each step is (L⁺ − L⁻)/(2σ²).
  public mutating func advance(
    _ window: Window<Task>, from step: Int, steps: Int, into sum: inout BlockSum,
    in workspace: inout Workspace<Task>
  ) throws {
    var done = 0
    while done < steps {
      done += try unroll(
        window, from: step + done, upTo: steps - done, into: &sum, in: &workspace)
      sum.addMultipliers(of: workspace.losses, settings: window.settings)
    }
  }
}
