public import Foundation
public import Randomness
public import Unrolls
public import Workers

/// What one window of all particles gave.
public struct GradientEstimate: Sendable {
  /// g, of θ's shape, averaged over particles and steps. Entries may be non-finite.
  public var gradient: [Float]
  /// Mean of the losses met, of both sides where there are two.
  public var meanLoss: Float
  /// Population standard deviation of the 2N mean losses, when losses are normalized.
  public var lossDeviation: Float?

  public init(gradient: [Float], meanLoss: Float, lossDeviation: Float? = nil) {
    self.gradient = gradient
    self.meanLoss = meanLoss
    self.lossDeviation = lossDeviation
  }
}

/// Estimates the gradient of a task's mean loss with respect to θ, a window at a time.
public protocol GradientEstimator: AnyObject {
  /// Environment steps counted so far, as the reference counts them: the burn-in adds only the
  /// step each trajectory stands at after it.
  var environmentSteps: Int { get }

  /// Runs one window of every particle.
  ///
  /// - Parameters:
  ///   - theta: The current θ.
  ///   - key: The window's key.
  func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate

  /// Everything carried from window to window, written out.
  func encodedState() throws -> Data

  /// Takes up the state that `encodedState()` wrote, in an estimator made with the same settings.
  func restore(from data: Data) throws
}

/// An algorithm of the catalogue: its name, what it needs and how it is made.
public protocol Estimator: Sendable, SendableMetatype {
  /// The reference's name, used on the command line.
  static var id: String { get }
  /// One line for listings.
  static var summary: String { get }
  /// Whether particles stand at different steps of their episodes, carried from window to window.
  static var isStepUnlocked: Bool { get }
  /// Whether the objective it descends is smoothed by noise of standard deviation σ.
  static var smoothsObjective: Bool { get }
  /// Whether it needs K, the noise period.
  static var needsNoisePeriod: Bool { get }
  /// Whether it needs W, the window length.
  static var needsWindowLength: Bool { get }
  /// Whether it can normalize losses.
  static var canNormalizeLoss: Bool { get }
  /// Whether it needs a task that can be differentiated.
  static var needsDerivatives: Bool { get }

  /// Makes the estimator; step-unlocked ones start their trajectories here, burn-in included.
  ///
  /// - Parameters:
  ///   - task: The problem.
  ///   - settings: N, W, K, σ.
  ///   - theta: θ at iteration 0.
  ///   - key: The estimator's own key.
  ///   - pool: The threads to run on.
  static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator
}

extension Estimator {
  public static var needsNoisePeriod: Bool { false }
  public static var needsWindowLength: Bool { true }
  public static var canNormalizeLoss: Bool { false }
  public static var needsDerivatives: Bool { false }
}
