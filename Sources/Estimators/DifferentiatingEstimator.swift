public import Randomness
public import Unrolls
public import Workers

/// An algorithm of the catalogue that differentiates the task instead of perturbing it.
public protocol DifferentiatingEstimator: Estimator {
  /// Makes the estimator; the parameters are those of
  /// ``Estimator/make(_:settings:theta:key:pool:)``.
  static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator
}

extension DifferentiatingEstimator {
  public static var smoothsObjective: Bool { false }
  public static var needsDerivatives: Bool { true }

  /// - Throws: `EstimatorError.needsDerivatives` for a task that cannot be differentiated.
  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    guard let task = task as? any DifferentiableTask else {
      throw EstimatorError.needsDerivatives(estimator: id, task: task.name)
    }
    return try make(
      differentiating: task, settings: settings, theta: theta, key: key, pool: pool)
  }
}

extension EstimatorSettings {
  /// These with episodes that begin at step 0 and no burn-in.
  func fromTheBeginning(windowLength: Int) -> EstimatorSettings {
    var settings = self
    settings.windowLength = windowLength
    settings.startsAtRandomSteps = false
    settings.burnInLength = 0
    return settings
  }
}
