public import Randomness
public import Unrolls
public import Workers

/// UORO over whole episodes.
public enum FullUORO: DifferentiatingEstimator {
  public static let id = "FullUORO"
  public static let summary = "UORO on whole episodes"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<RankOneBlock<Task>>(
      task, settings: settings.fromTheBeginning(windowLength: task.horizon), theta: theta,
      key: key, pool: pool)
  }
}
