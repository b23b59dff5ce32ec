public import Randomness
public import Unrolls

/// One particle of an estimator: what it carries from window to window and how it runs one.
///
/// This is what a new estimator's file describes. Everything a worker carries is in its stored
/// properties, plain values that can be written out and read back.
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

  /// Takes up the particle's place: starts its trajectories, if it carries any.
  init(_ window: Window<Task>, lane: inout Lane<Task>) throws

  /// Runs the burn-in, whose gradients are thrown away.
  mutating func burnIn(_ window: Window<Task>, lane: inout Lane<Task>) throws

  /// Runs one window and adds what it gives to `sum`.
  mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>) throws

  /// The step each carried trajectory stands at, summed over the particle's trajectories.
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
    var ignored = WindowSum(keepsContributions: false)
    try accumulate(window, into: &ignored, lane: &lane)
  }

  public func carriedSteps(of task: Task) -> Int { 0 }
}

/// One window as one particle sees it.
public struct Window<Task: UnrolledTask>: Sendable {
  public let task: Task
  public let settings: EstimatorSettings
  /// θ, the same for all particles.
  public let theta: [Float]
  public let keys: WindowKeys
  /// The particle's index among `settings.particleCount`.
  public let particle: Int

  /// Steps to run.
  public var length: Int { keys.steps.count }

  /// Starts an episode with the window's start key.
  public func start(
    theta: [Float], at start: EpisodeStart, lane: inout Lane<Task>
  ) throws -> Task.State {
    let key = keys.start.split(settings.particleCount, at: particle)
    return try task.start(theta: theta, key: key, at: start, in: &lane.scratch)
  }

  /// Draws ε ~ N(0, σ²I) for this particle from a key that all particles share.
  public func drawNoise(into noise: inout [Float], from shared: PRNGKey) {
    task.layout.drawNoise(
      into: &noise, key: shared.split(settings.particleCount, at: particle),
      sigma: Float(settings.sigma))
  }

  /// The transition's key of step `index` of the window.
  public func stepKey(_ index: Int) -> StepKey {
    StepKey(
      shared: keys.steps[index].unroll, particle: particle,
      particleCount: settings.particleCount)
  }
}

/// What one thread needs to run particles.
public struct Lane<Task: UnrolledTask> {
  public var scratch: Task.Scratch
  /// θ ± ε of the particle that is running.
  public var perturbed: AntitheticParameters
}

/// What one particle's window gave.
public struct WindowSum: Sendable {
  /// A part of the gradient: `multiplier` · `direction`.
  public struct Contribution: Sendable {
    public var multiplier: Float
    /// Of θ's size.
    public var direction: [Float]
  }

  /// The particle's contributions, one a step or one for the window; all particles have equally
  /// many. The i-th ones of all particles are summed before the (i + 1)-th.
  public private(set) var contributions: [Contribution] = []
  /// Σ of the losses of θ + ε.
  public var positiveLoss = 0.0
  /// Σ of the losses of θ − ε.
  public var negativeLoss = 0.0
  /// Environment steps run.
  public var environmentSteps = 0

  private let keepsContributions: Bool

  /// - Parameter keepsContributions: false where the gradient is thrown away.
  public init(keepsContributions: Bool = true) {
    self.keepsContributions = keepsContributions
  }

  /// Back to nothing, keeping the memory.
  mutating func clear() {
    contributions.removeAll(keepingCapacity: true)
    (positiveLoss, negativeLoss, environmentSteps) = (0, 0, 0)
  }

  /// Adds `multiplier` · `direction` to the gradient.
  public mutating func add(_ direction: [Float], multiplier: Float) {
    guard keepsContributions else { return }
    contributions.append(Contribution(multiplier: multiplier, direction: direction))
  }
}
