public import Randomness
public import Snapshots

/// One of several equal parts of an estimator's particles, each of which is run by another process.
public struct ParticleShare: Hashable, Sendable {
  /// Which part it is: 0 ..< ``count``. The first one's process adds up what all give.
  public let index: Int
  public let count: Int

  public init(_ index: Int, of count: Int) {
    precondition(0..<count ~= index, "one of the parts")
    (self.index, self.count) = (index, count)
  }

  /// The blocks of `blockCount` that are of this part: as many as of any other, or one more or less.
  ///
  /// - Throws: ``EstimatorError`` where there are fewer blocks than parts.
  public func range(of blockCount: Int) throws(EstimatorError) -> Range<Int> {
    guard count <= blockCount else { throw .shares(count: count, most: blockCount) }
    return index * blockCount / count..<(index + 1) * blockCount / count
  }
}

/// An estimator whose particles are shared out: each process computes the sums of its own, and the first
/// one, which gets those of all, makes the estimate of them. Noises are not sent: the first process
/// draws those of all particles from their keys.
public protocol PartialEstimator: GradientEstimator {
  /// How the particles of this part began.
  var beginning: PartialBeginning { get }

  /// Takes up what of the others is needed to add up: to be called in the first process, before the
  /// first window.
  ///
  /// - Parameter beginnings: Those of all parts.
  func join(_ beginnings: [PartialBeginning])

  /// Runs one window of this part's particles.
  ///
  /// - Returns: The blocks' sums, in the order of their particles.
  func sums(theta: [Float], key: PRNGKey) throws -> [BlockSum]

  /// Draws what the reduction needs of the others for the window that was run last: what
  /// ``estimate(from:)`` would else do.
  func followOthers()

  /// The estimate of the window that was run last.
  ///
  /// - Parameter sums: The sums of all parts, in their order.
  func estimate(from sums: [BlockSum]) -> GradientEstimate

  /// The state of this part's particles.
  func partialSnapshot() throws -> Snapshot

  /// The state of all particles.
  ///
  /// - Parameter parts: The states of all parts, in their order.
  func snapshot(joining parts: [Snapshot]) throws -> Snapshot
}

/// How a part's particles began.
public struct PartialBeginning: Codable, Sendable {
  /// The step of its episode that each block's particles began at, before the burn-in.
  public var clocks: [[Int]]
  /// Steps of the burn-in, as ``GradientEstimator`` counts them.
  public var environmentSteps: Int
  public var simulatedSteps: Int
  public var divergedSteps: Int
  /// Whether it goes on from a state that was saved, which has the steps of all particles.
  public var isRestored: Bool
}
