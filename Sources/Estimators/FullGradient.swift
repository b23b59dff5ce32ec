public import Randomness
public import Unrolls
public import Workers

/// Backpropagation through time, BPTT: reverse mode through whole fresh episodes.
public enum FullGradient: DifferentiatingEstimator {
  public static let id = "FullGradient"
  public static let summary = "BPTT: reverse mode through whole fresh episodes"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<FreshBackpropagationBlock<Task>>(
      task, settings: settings.fromTheBeginning(windowLength: task.horizon), theta: theta,
      key: key, pool: pool)
  }
}

/// A block of FullGradient or ShortHorizonGradient, which carries nothing.
public struct FreshBackpropagationBlock<Task: DifferentiableTask>: DerivativeBlock {
  public static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys {
    .freshEpisodes(from: key, length: burnIn)
  }

  public static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys {
    .freshEpisodes(from: key, length: length)
  }

  public var states: [Task.State] { [] }

  public init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) {}

  public mutating func accumulate(
    _ window: DerivativeWindow<Task>, into sum: inout DerivativeSum,
    lane: inout DerivativeLane<Task>
  ) throws {
    var states = try window.start(at: .beginning, lane: &lane)
    try window.pullBack(&states, into: &sum, lane: &lane)
  }
}
