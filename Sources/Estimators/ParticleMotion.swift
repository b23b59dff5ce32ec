public import Unrolls

/// How the particles of a block move under their noises, and what they give on the way: pairs with
/// θ ± ε, or states with their derivatives along a direction.
public protocol ParticleMotion<Task>: Codable, Sendable {
  associatedtype Task: UnrolledTask

  /// How many particles work together.
  static var particleCount: Int { get }
  /// How many particles are summed first: see ``EstimatorBlock/summedParticles``.
  static var summedParticles: Int? { get }

  /// The noise's standard deviation where it is not σ: see ``EstimatorBlock/noiseDeviation``.
  static var noiseDeviation: Double? { get }

  /// Starts the particles' episodes.
  init(
    _ window: Window<Task>, at start: EpisodeStart, in workspace: inout Workspace<Task>) throws

  /// Takes up the noises of some particles.
  ///
  /// - Parameters:
  ///   - noises: Of all particles.
  ///   - particles: Those whose noise is another one, counted from the block's first.
  func use(
    _ noises: [[Float]], of particles: [Int], _ window: WindowFrame,
    in workspace: inout Workspace<Task>)

  /// Takes steps from step `step` of the window on, at most up to the first end of an episode.
  ///
  /// - Parameter sum: Multipliers, losses and steps are added.
  mutating func advance(
    _ window: Window<Task>, from step: Int, steps: Int, into sum: inout BlockSum,
    in workspace: inout Workspace<Task>) throws

  /// The same particles in blocks of other sizes; nil where these cannot be others.
  static func regrouped(_ motions: [Self], into sizes: [Int]) -> [Self]?

  /// The trajectories: one a particle, then the particles' second ones where there are pairs.
  var states: [Task.State] { get }
}

extension ParticleMotion {
  public static func regrouped(_ motions: [Self], into sizes: [Int]) -> [Self]? { nil }

  /// The step that each trajectory stands at.
  public func clocks(of task: Task) -> [Int] { states.map { task.stepIndex(of: $0) } }

  /// Writes the clocks of a block's first trajectories, one a particle: both sides of a pair stand at
  /// one step. The states are let go on return, before they move.
  func readClocks(of task: Task, count: Int, into clocks: inout [Int]) {
    clocks.removeAll(keepingCapacity: true)
    let states = states
    for index in 0..<count { clocks.append(task.stepIndex(of: states[index])) }
  }
}
