package import Estimators
import Foundation
package import Randomness
package import Snapshots
import Unrolls
package import Workers

/// A microbatch whose particles several processes run, as the first of them sees it. What it gives is
/// equal to the last bit to what one process would give.
package final class SharedEstimator: GradientEstimator {
  private let own: any PartialEstimator
  private let exchange: any Exchange
  private let microbatch: Int
  private let shares: Int
  private var keepsState = false
  /// Whether the others have kept the state that this process has kept: they do with the window after it.
  private var othersKeepState = false
  /// How the last window was shared.
  package private(set) var pace = Pace()

  /// Begins the particles in all processes.
  ///
  /// - Parameters:
  ///   - shares: How many processes have a part; nil for all.
  ///   - state: Where they go on; nil for those that start.
  ///   - make: Makes the part of this process.
  package init(
    _ microbatch: Int, shares: Int? = nil, theta: [Float], key: PRNGKey, state: Snapshot?,
    exchange: any Exchange, make: (ParticleShare) throws -> any GradientEstimator
  ) throws {
    (self.microbatch, self.exchange) = (microbatch, exchange)
    self.shares = shares ?? exchange.count
    let share = ParticleShare(exchange.rank, of: self.shares)
    try exchange.order(
      .begin(
        microbatch: microbatch, shares: share.count, theta: theta, key: key, state: state))
    var made: (any PartialEstimator)?
    let answers = try exchange.gather {
      made = try make(share).asPart
      return []
    }
    guard let made else { throw CancellationError() }
    own = made
    let beginnings = try answers[1..<share.count].map {
      try JSONDecoder().decode(PartialBeginning.self, from: Data($0))
    }
    own.join([own.beginning] + beginnings)
  }

  package var environmentSteps: Int { own.environmentSteps }
  package var simulatedSteps: Int { own.simulatedSteps }
  package var divergedSteps: Int { own.divergedSteps }

  package func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
    let started = ContinuousClock.now
    func seconds() -> Double { (ContinuousClock.now - started) / .seconds(1) }
    try exchange.order(
      .window(microbatch: microbatch, keepsState: keepsState, theta: theta, key: key))
    othersKeepState = keepsState
    let ordered = seconds()
    var sums: [BlockSum] = []
    var paces: [Double] = []
    let answers = try exchange.gather {
      sums = try own.sums(theta: theta, key: key)
      own.followOthers()
      paces.append(seconds() - ordered)
      return []
    }
    for answer in answers[1..<shares] {
      var reader = ByteReader(answer)
      paces.append(try reader.readDouble())
      while !reader.isAtEnd { sums.append(try BlockSum(from: &reader)) }
    }
    pace = Pace(seconds: paces, communication: seconds() - (paces.max() ?? 0))
    return own.estimate(from: sums)
  }

  package func snapshot() throws -> Snapshot {
    try exchange.order(.snapshot(microbatch: microbatch))
    var part = Snapshot(leaves: [], counts: [:], texts: [:])
    let answers = try exchange.gather {
      part = try own.partialSnapshot()
      return []
    }
    let others = try answers[1..<shares].map { try Snapshot(bytes: $0) }
    return try own.snapshot(joining: [part] + others)
  }

  /// - Precondition: Never called: a state is taken up where the estimator is made.
  package func restore(from snapshot: Snapshot) throws {
    preconditionFailure("a shared estimator takes up a state where it is made")
  }

  package func keepState() {
    (keepsState, othersKeepState) = (true, false)
    own.keepState()
  }

  package func goBack() {
    own.goBack()
    // Without a window since, the others are where they are to be.
    if !othersKeepState { return }
    // What it could say, the next order will.
    try? exchange.order(.goBack(microbatch: microbatch))
    othersKeepState = false
  }

  package func forgetState() {
    (keepsState, othersKeepState) = (false, false)
    own.forgetState()
  }
}

extension Exchange {
  /// Tells the others what to do.
  package func order(_ order: Order) throws { _ = try broadcast(order.bytes) }
}

extension GradientEstimator {
  /// Itself.
  ///
  /// - Throws: `DistantError` where its particles cannot be shared out.
  var asPart: any PartialEstimator {
    get throws {
      guard let part = self as? any PartialEstimator else {
        throw DistantError("the estimator does not share out its particles: start one process")
      }
      return part
    }
  }
}
