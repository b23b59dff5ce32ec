/// What can be wrong with a request for an estimator.
public enum EstimatorError: Error, Hashable, CustomStringConvertible {
  /// A saved state of another number of particles.
  case particleCount(found: Int, expected: Int)
  /// FullES_trajopt on a task whose parameters are the same at every step.
  case needsParametersPerStep
  /// An estimator that differentiates, on a task that cannot be differentiated.
  case needsDerivatives(estimator: String, task: String)
  /// A saved state of a θ of another size.
  case parameterCount(found: Int, expected: Int)
  /// A saved state of the same particles in other blocks.
  case blockCount(found: Int, expected: Int)
  /// More shares of the particles than there can be.
  case shares(count: Int, most: Int)

  public var description: String {
    switch self {
    case .particleCount(let found, let expected):
      "the saved estimator has \(found) particles, this one \(expected): use the run's settings"
    case .parameterCount(let found, let expected):
      "the saved estimator is of \(found) parameters, this one of \(expected): "
        + "use the run's settings"
    case .needsDerivatives(let estimator, let task):
      "\(estimator) differentiates, and \(task) cannot be differentiated: choose an ES estimator"
    case .blockCount(let found, let expected):
      "the saved estimator has its particles in \(found) blocks, this one in \(expected): "
        + "use the version that saved it"
    case .shares(let count, let most):
      "the particles can be shared by at most \(most) processes, and there are \(count): "
        + "start fewer, or choose more particles"
    case .needsParametersPerStep:
      "FullES_trajopt needs a task with parameters of its own for every step: use FullES"
    }
  }
}
