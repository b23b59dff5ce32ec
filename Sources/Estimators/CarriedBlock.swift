public import Randomness
import Unrolls

/// Particles whose episodes go on from window to window, under noises that are drawn as they come:
/// GPES_K, NRES and DODGE, by the motion and the noise.
public struct CarriedBlock<Motion: ParticleMotion, Noise: CarriedNoise>: EstimatorBlock {
  public typealias Task = Motion.Task
  public private(set) var motion: Motion
  public private(set) var noise: Noise

  public static var particleCount: Int { Motion.particleCount }
  public static var summedParticles: Int? { Motion.summedParticles }
  public static var noiseDeviation: Double? { Motion.noiseDeviation }
  public static var carriesEpisodes: Bool { true }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .noisyStart(from: key, burnIn: burnIn, pair: Noise.stepKeys)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .carried(from: key, length: length, pair: Noise.stepKeys)
  }

  public init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    try self.init(window, at: window.settings.unlockedStart, in: &workspace)
  }

  init(
    _ window: Window<Task>, at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws {
    motion = try Motion(window, at: start, in: &workspace)
    noise = Noise(window.frame)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    try accumulate(window, into: &sum, directions: &directions, in: &workspace) { _, _ in }
  }

  /// As above; `observe` is called with the motion after each stretch of steps, and their losses.
  mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>,
    observe: (_ motion: Motion, _ losses: LossRows) -> Void
  ) throws {
    let frame = window.frame
    var clocks: [Int] = []
    swap(&clocks, &workspace.clocks)
    defer { swap(&clocks, &workspace.clocks) }
    motion.readClocks(of: window.task, count: frame.particles.count, into: &clocks)
    var step = 0
    while step < frame.length {
      let limit = noise.begin(frame, at: step, clocks: clocks, renewed: &workspace.renewed)
      useRenewed(window, from: step, directions: &directions, in: &workspace)
      let steps = frame.stretch(from: step, upTo: limit, clocks: clocks)
      try motion.advance(window, from: step, steps: steps, into: &sum, in: &workspace)
      observe(motion, workspace.losses)
      step += steps
      for index in clocks.indices { clocks[index] = (clocks[index] + steps) % frame.horizon }
      noise.end(frame, at: step, clocks: clocks, renewed: &workspace.renewed)
      useRenewed(window, from: step, directions: &directions, in: &workspace)
    }
  }

  @inline(__always)
  private func useRenewed(
    _ window: Window<Task>, from step: Int, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) {
    if workspace.renewed.isEmpty { return }
    motion.use(noise.noises, of: workspace.renewed, window.frame, in: &workspace)
    directions.use(noise.directions, of: workspace.renewed, from: step)
    workspace.renewed.removeAll(keepingCapacity: true)
  }

  public static func regrouped(_ blocks: [Self], into sizes: [Int]) -> [Self]? {
    guard let motions = Motion.regrouped(blocks.map(\.motion), into: sizes),
      let noises = Noise.regrouped(blocks.map(\.noise), into: sizes)
    else { return nil }
    return zip(motions, noises).map(Self.init(motion:noise:))
  }

  private init(motion: Motion, noise: Noise) { (self.motion, self.noise) = (motion, noise) }

  public func clocks(of task: Task) -> [Int] { motion.clocks(of: task) }

  public var carriedNoise: Noise? { noise }
}
