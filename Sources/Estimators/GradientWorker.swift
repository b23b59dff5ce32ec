public import Randomness
public import Unrolls

/// A block of particles of an estimator: what they carry from window to window and how they run one.
///
/// This is what a new estimator's file describes. Everything a worker carries is in its stored
/// properties, plain values that can be written out and read back. A block's particles take their
/// steps side by side where the task is a `BlockTask`; else a block is one particle.
public protocol GradientWorker: Codable, Sendable {
  associatedtype Task: UnrolledTask

  /// Steps of one window: W, or T for estimators of whole episodes.
  static func windowLength(of settings: EstimatorSettings, horizon: Int) -> Int

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
  init(_ window: Window<Task>, lane: inout Lane<Task>) throws

  /// Runs the burn-in, whose gradients are thrown away.
  mutating func burnIn(_ window: Window<Task>, lane: inout Lane<Task>) throws

  /// Runs one window and adds what it gives to `sum`.
  mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>) throws

  /// The step each carried trajectory stands at, summed over the trajectories.
  func carriedSteps(of task: Task) -> Int
}

extension GradientWorker {
  public static func windowLength(of settings: EstimatorSettings, horizon: Int) -> Int {
    settings.windowLength
  }

  public static func average(
    _ sum: Float, settings: EstimatorSettings, length: Int
  ) -> Float {
    sum / Float(settings.particleCount * length)
  }

  public mutating func burnIn(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    var ignored = WindowSum(particleCount: window.particles.count)
    try accumulate(window, into: &ignored, lane: &lane)
  }

  public func carriedSteps(of task: Task) -> Int { 0 }
}
