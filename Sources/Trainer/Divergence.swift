/// When a run was not finite: an iteration diverges where its mean loss, θ after its update or the
/// headline of its evaluation is infinite or not a number.
package struct Divergence: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The first such iteration.
  package private(set) var iteration: Int
  /// What was found there: `the mean loss is nan`.
  package private(set) var cause: String
  /// The last such iteration.
  package private(set) var last: Int

  /// Nil where all numbers are finite.
  init?(iteration: Int, meanLoss: Double? = nil, theta: [Float], evaluation: Scalar?) {
    if let meanLoss, !meanLoss.isFinite {
      cause = "the mean loss is \(decimal(meanLoss, 0))"
    } else if !theta.allSatisfy(\.isFinite) {
      cause = "θ is not finite"
    } else if let evaluation, !evaluation.value.isFinite {
      cause = "\(evaluation.tag) is \(decimal(evaluation.value, 0))"
    } else {
      return nil
    }
    self.iteration = iteration
    last = iteration
  }

  /// Both, of which either may be the earlier.
  func including(_ other: Divergence?) -> Divergence {
    guard let other else { return self }
    var whole = other.iteration < iteration ? other : self
    whole.last = max(last, other.last)
    return whole
  }

  package var description: String {
    "diverged "
      + (last == iteration
        ? "at iteration \(iteration): \(cause)"
        : "since iteration \(iteration): \(cause); last found at iteration \(last)")
  }
}
