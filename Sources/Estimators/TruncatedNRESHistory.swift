public import Randomness
public import Unrolls
public import Workers

/// NRES that also keeps each particle's losses of the episode so far.
public enum TruncatedNRESHistory: Estimator {
  public static let id = "TruncatedNRESHistory"
  public static let summary = "NRES that keeps the losses of each particle's current episode"
  public static let isStepUnlocked = true
  public static let smoothsObjective = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<NoiseReuseHistoryWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// One particle of NRES with its loss history.
public struct NoiseReuseHistoryWorker<Task: UnrolledTask>: GradientWorker {
  public var worker: NoiseReuseWorker<Task>
  /// Losses of θ + ε: entry t is the loss of the step that reached step t of this episode. Entries
  /// not reached yet are 0, and so is entry 0; the loss that ends an episode is not kept.
  public var positiveHistory: [Float]
  /// The same for θ − ε.
  public var negativeHistory: [Float]

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    NoiseReuseWorker<Task>.startKeys(from: key, burnIn: burnIn)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    NoiseReuseWorker<Task>.windowKeys(from: key, length: length, settings: settings)
  }

  public init(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    worker = try NoiseReuseWorker(window, lane: &lane)
    positiveHistory = [Float](repeating: 0, count: window.task.horizon)
    negativeHistory = positiveHistory
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    var (positive, negative) = (positiveHistory, negativeHistory)
    try worker.accumulate(window, into: &sum, lane: &lane) { stepIndex, outcome in
      if outcome.isDone {
        for index in positive.indices {
          positive[index] = 0
          negative[index] = 0
        }
      } else {
        positive[stepIndex] = outcome.positiveLoss
        negative[stepIndex] = outcome.negativeLoss
      }
    }
    (positiveHistory, negativeHistory) = (positive, negative)
  }

  public func carriedSteps(of task: Task) -> Int { worker.carriedSteps(of: task) }
}
