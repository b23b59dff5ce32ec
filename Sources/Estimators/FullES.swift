public import Randomness
public import Unrolls
public import Workers

/// Evolution strategies on whole fresh episodes.
public enum FullES: Estimator {
  public static let id = "FullES"
  public static let summary = "ES on whole episodes: one update a T-step unroll"
  public static let isStepUnlocked = false
  public static let smoothsObjective = true
  public static let needsWindowLength = false
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<FullESWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// Particles of FullES, which carry nothing.
public struct FullESWorker<Task: UnrolledTask>: FreshEpisodeWorker {
  public static func windowLength(of settings: EstimatorSettings, horizon: Int) -> Int { horizon }

  public init() {}

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    try window.accumulateFreshPairs(into: &sum, lane: &lane)
  }
}
