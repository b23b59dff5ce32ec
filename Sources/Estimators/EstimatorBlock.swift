public import Randomness
public import Unrolls

/// A block of particles of an estimator: what they carry from window to window and how they run one.
///
/// This is what a new estimator's file describes. What a block carries is in its stored properties,
/// plain values that can be written out and read back. Its particles take their steps side by side.
/// It computes; adding up what the blocks give is ``BlockSum``'s, so that blocks may be anywhere.
public protocol EstimatorBlock<Task>: Codable, Sendable {
  associatedtype Task: UnrolledTask
  /// What of the block follows from keys and clocks alone.
  associatedtype Noise: ParticleNoise = NoNoise

  /// How many particles work together at most.
  static var particleCount: Int { get }

  /// How many particles are summed before they are added to others: nil for all of them, which is
  /// what the reference does. It fixes the bits of a gradient.
  static var summedParticles: Int? { get }

  /// The standard deviation of what is drawn as noise: nil for σ.
  static var noiseDeviation: Double? { get }

  /// Whether trajectories go on from window to window; else every window begins with fresh episodes.
  static var carriesEpisodes: Bool { get }

  /// An entry of the gradient from the sum of all contributions to it: divided by N·W where each
  /// step contributes, by N where each particle contributes once.
  static func average(_ sum: Float, settings: EstimatorSettings, length: Int) -> Float

  /// Keys of the start and the burn-in, from the estimator's own key.
  static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys

  /// Keys of one window, from the window's key. The same for all particles: derived once.
  static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys

  /// Takes up the particles' places: starts their trajectories, if they carry any.
  init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws

  /// Runs the burn-in, whose gradients are thrown away.
  ///
  /// - Parameter totals: Its steps are added.
  mutating func burnIn(
    _ window: Window<Task>, into totals: inout WindowTotals, in workspace: inout Workspace<Task>)
    throws

  /// Runs one window.
  ///
  /// - Parameters:
  ///   - sum: What the window gives is added.
  ///   - directions: What the sum's multipliers multiply is noted.
  mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>) throws

  /// The same particles in blocks of other sizes; nil where these cannot be others.
  static func regrouped(_ blocks: [Self], into sizes: [Int]) -> [Self]?

  /// The step each carried trajectory stands at, one a particle first, then those of the particles'
  /// second trajectories; none where nothing is carried.
  func clocks(of task: Task) -> [Int]

  /// What of the noises is carried from window to window; nil where nothing is.
  var carriedNoise: Noise? { get }
}

extension EstimatorBlock {
  public var carriedNoise: Noise? { nil }

  /// A pair of states a particle.
  public static var particleCount: Int { max(1, Task.blockSize / 2) }

  public static var summedParticles: Int? { nil }

  public static var noiseDeviation: Double? { nil }

  public static func average(_ sum: Float, settings: EstimatorSettings, length: Int) -> Float {
    sum / Float(settings.particleCount * length)
  }

  public static func regrouped(_ blocks: [Self], into sizes: [Int]) -> [Self]? { nil }

  public mutating func burnIn(
    _ window: Window<Task>, into totals: inout WindowTotals, in workspace: inout Workspace<Task>
  ) throws {
    var ignored = BlockSum(particleCount: window.particles.count)
    var directions = Directions(particleCount: window.particles.count)
    try accumulate(window, into: &ignored, directions: &directions, in: &workspace)
    totals.addSteps(of: ignored.totals)
  }
}

/// A block that carries nothing: every window begins with fresh episodes.
public protocol FreshBlock: EstimatorBlock {
  init()
}

extension FreshBlock {
  public static var carriesEpisodes: Bool { false }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys { .unused(key) }

  public init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws { self.init() }

  public static func regrouped(_ blocks: [Self], into sizes: [Int]) -> [Self]? {
    sizes.map { _ in Self() }
  }

  public func clocks(of task: Task) -> [Int] { [] }
}
