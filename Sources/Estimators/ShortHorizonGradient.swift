public import Randomness
public import Unrolls
public import Workers

/// Reverse mode through the first W steps of fresh episodes only.
public enum ShortHorizonGradient: DifferentiatingEstimator {
  public static let id = "ShortHorizonGradient"
  public static let summary = "BPTT through the first W steps of fresh episodes"
  public static let isStepUnlocked = false

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<FreshBackpropagationBlock<Task>>(
      task, settings: settings.fromTheBeginning(windowLength: settings.windowLength),
      theta: theta, key: key, pool: pool)
  }
}
