public import Randomness
public import Unrolls
public import Workers

/// DODGE over whole episodes, one direction each.
public enum FullDirectionalGradient: DifferentiatingEstimator {
  public static let id = "FullDirectionalGradient"
  public static let summary = "DODGE on whole episodes, one direction each"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    var settings = settings
    settings.noisePeriod = task.horizon
    return try FullDirectionalGradientK.make(
      differentiating: task, settings: settings, theta: theta, key: key, pool: pool)
  }
}
