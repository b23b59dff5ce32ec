/// What can be wrong with a request for an estimator.
public enum EstimatorError: Error, Hashable, CustomStringConvertible {
  /// A saved state of another number of particles.
  case particleCount(found: Int, expected: Int)
  /// FullES_trajopt on a task whose parameters have no leading axis of one row a step.
  case needsTimeAxis(horizon: Int)
  /// A saved state of a θ of another size.
  case parameterCount(found: Int, expected: Int)

  public var description: String {
    switch self {
    case .particleCount(let found, let expected):
      "the saved estimator has \(found) particles, this one \(expected): use the run's settings"
    case .parameterCount(let found, let expected):
      "the saved estimator is of \(found) parameters, this one of \(expected): "
        + "use the run's settings"
    case .needsTimeAxis(let horizon):
      "FullES_trajopt needs parameters with a leading axis of \(horizon), one row a step"
    }
  }
}
