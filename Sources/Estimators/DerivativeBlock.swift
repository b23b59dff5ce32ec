public import Randomness
public import Unrolls

/// A block of particles of an estimator that differentiates: what they carry from window to window
/// and how they run one, side by side.
///
/// What a block carries is in its stored properties, plain values that can be written out and read
/// back. Arrays of numbers hold a row a particle.
public protocol DerivativeBlock: Codable, Sendable {
  associatedtype Task: DifferentiableTask

  /// Keys of the start and the burn-in, from the estimator's own key.
  static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys

  /// Keys of one window, from the window's key.
  static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys

  /// The carried trajectories, one a particle; none where every window begins with fresh episodes.
  var states: [Task.State] { get }

  /// Starts the block's trajectories, if it carries any.
  init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws

  /// Runs the burn-in, whose gradients are thrown away.
  mutating func burnIn(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws

  /// Runs one window and adds what it gives to `sum`.
  mutating func accumulate(
    _ window: DerivativeWindow<Task>, into sum: inout DerivativeSum,
    lane: inout DerivativeLane<Task>) throws
}

extension DerivativeBlock {
  public mutating func burnIn(
    _ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>
  ) throws {
    var ignored = DerivativeSum(
      particleCount: window.particles.count, thetaCount: window.theta.count)
    try accumulate(window, into: &ignored, lane: &lane)
  }
}
