public import Randomness
public import Unrolls
public import Workers

/// DODGE over whole episodes, a new direction every K steps.
public enum FullDirectionalGradientK: DifferentiatingEstimator {
  public static let id = "FullDirectionalGradientK"
  public static let summary = "DODGE on whole episodes, a new direction every K steps"
  public static let isStepUnlocked = false
  public static let needsNoisePeriod = true
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<DirectionalBlock<Task>>(
      task, settings: settings.fromTheBeginning(windowLength: task.horizon), theta: theta,
      key: key, pool: pool)
  }
}
