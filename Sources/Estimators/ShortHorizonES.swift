public import Randomness
public import Unrolls
public import Workers

/// FullES on the first W steps of fresh episodes only.
public enum ShortHorizonES: Estimator {
  public static let id = "ShortHorizonES"
  public static let summary = "ES on the first W steps of fresh episodes"
  public static let isStepUnlocked = false
  public static let smoothsObjective = true
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<ShortHorizonWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// Particles of ShortHorizonES, which carry nothing.
public struct ShortHorizonWorker<Task: UnrolledTask>: FreshEpisodeWorker {
  public init() {}

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    try window.accumulateFreshPairs(into: &sum, lane: &lane)
  }
}
