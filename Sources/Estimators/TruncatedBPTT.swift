public import Randomness
public import Unrolls
public import Workers

/// Truncated backpropagation through time, TBPTT: reverse mode through each window.
///
/// Biased: the gradient stops at the window's start state.
public enum TruncatedBPTT: DifferentiatingEstimator {
  public static let id = "TruncatedBPTT"
  public static let summary = "TBPTT: reverse mode through each window (biased)"
  public static let isStepUnlocked = true

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<TruncatedBackpropagationBlock<Task>>(
      task, settings: settings, theta: theta, key: key, pool: pool)
  }
}

/// A block of TBPTT.
public struct TruncatedBackpropagationBlock<Task: DifferentiableTask>: DerivativeBlock {
  public private(set) var states: [Task.State]

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys {
    .plainStart(from: key, burnIn: burnIn) { WindowKeys.Step(noise: $0, unroll: $0) }
  }

  public static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys {
    .carried(from: key, length: length) { WindowKeys.Step(noise: $0, unroll: $0) }
  }

  public init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, lane: &lane)
  }

  public mutating func burnIn(
    _ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>
  ) throws {
    let thetas = [[Float]](repeating: window.theta, count: states.count)
    var done = 0
    while done < window.length {
      let count = window.steps(of: states, limit: window.length - done)
      lane.reserve(steps: count)
      try window.task.unroll(
        &states, thetas: thetas, steps: count, keys: window.unrolls.dropping(done),
        particles: window.particles, losses: &lane.losses, in: &lane.scratch)
      done += count
      try window.restartFinished(&states, after: done - 1, lane: &lane)
    }
  }

  public mutating func accumulate(
    _ window: DerivativeWindow<Task>, into sum: inout DerivativeSum,
    lane: inout DerivativeLane<Task>
  ) throws {
    try window.pullBack(&states, into: &sum, lane: &lane)
    try window.restartFinished(&states, after: window.length - 1, lane: &lane)
  }
}
