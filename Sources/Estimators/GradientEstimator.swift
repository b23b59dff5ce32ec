public import Randomness
public import Snapshots
public import Unrolls

/// What one window of all particles gave.
public struct GradientEstimate: Sendable {
  /// g, of θ's shape, averaged over particles and steps. Entries may be non-finite.
  public var gradient: [Float]
  /// Mean of the losses met, of both sides where there are two.
  public var meanLoss: Float
  /// Population standard deviation of the 2N mean losses, when losses are normalized.
  public var lossDeviation: Float?
  /// Of what the window's steps met, where the task says so: see ``UnrollOutcome/moments``.
  public var moments: Moments

  public init(
    gradient: [Float], meanLoss: Float, lossDeviation: Float? = nil, moments: Moments = Moments()
  ) {
    self.gradient = gradient
    self.meanLoss = meanLoss
    self.lossDeviation = lossDeviation
    self.moments = moments
  }
}

/// Estimates the gradient of a task's mean loss with respect to θ, a window at a time.
///
/// An ``EstimatorAlgorithm`` makes one; a ``BlockRuntime`` is one for any kind of block.
public protocol GradientEstimator: AnyObject {
  /// Environment steps counted so far, as the reference counts them: steps of the clock, absorbed
  /// ones included; the burn-in adds only the step each trajectory stands at after it.
  var environmentSteps: Int { get }

  /// Environment steps really taken so far: none in an episode that has ended early. The burn-in's
  /// are included, those on the way to a random start step are not.
  var simulatedSteps: Int { get }

  /// Those of them that diverged, each of which ended its episode.
  var divergedSteps: Int { get }

  /// Runs one window of every particle.
  ///
  /// - Parameters:
  ///   - theta: The current θ.
  ///   - key: The window's key.
  func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate

  /// Everything carried from window to window, written out.
  func snapshot() throws -> Snapshot

  /// Takes up the state that `snapshot()` wrote, in an estimator made with the same settings.
  ///
  /// - Throws: ``EstimatorError`` for a state of other particles, θ or blocks, `DecodingError` for one
  ///   that lacks what this estimator carries; then nothing has changed.
  func restore(from snapshot: Snapshot) throws

  /// Notes the state as it is, for ``goBack()``. It costs a copy of what a window changes.
  func keepState()

  /// Takes up the state that was noted last, after a window that was cancelled or did not count.
  func goBack()

  /// Forgets the state that was noted.
  func forgetState()
}
