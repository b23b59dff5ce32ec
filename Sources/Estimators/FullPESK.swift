public import Randomness
public import Unrolls
public import Workers

/// GPES_K over one whole fresh episode: a new noise every K steps, one update a T-step unroll.
public enum FullPESK: Estimator {
  public static let id = "FullPESK"
  public static let summary = "GPES_K on whole fresh episodes"
  public static let isStepUnlocked = false
  public static let smoothsObjective = true
  public static let needsNoisePeriod = true
  public static let needsWindowLength = false
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<FullPersistentWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// Particles of FullPESK, which carry nothing.
public struct FullPersistentWorker<Task: UnrolledTask>: FreshEpisodeWorker {
  public static func windowLength(of settings: EstimatorSettings, horizon: Int) -> Int { horizon }

  public static func average(
    _ sum: Float, settings: EstimatorSettings, length: Int
  ) -> Float {
    sum / Float(settings.particleCount * length)
  }

  /// (start, chain) = split(key); the start as GPES_K's; each step (chain, step) = split(chain).
  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    let (initial, chain) = key.split()
    let (start, noise, _) = initial.split3()
    let steps = WindowKeys.sequence(
      from: chain, length: length, pair: PersistentWorker<Task>.stepKeys)
    return WindowKeys(start: start, noise: noise, steps: steps)
  }

  public init() {}

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    var worker = try PersistentWorker(window, at: .beginning, lane: &lane)
    try worker.accumulate(window, into: &sum, lane: &lane)
  }
}
