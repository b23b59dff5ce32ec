public import Randomness
public import Unrolls

/// Truncated backpropagation through time, TBPTT: reverse mode through each window.
///
/// Biased: the gradient stops at the window's start state.
public enum TruncatedBPTT: DifferentiatingAlgorithm {
  public static let id = "TruncatedBPTT"
  public static let summary = "TBPTT: reverse mode through each window (biased)"
  public static let isStepUnlocked = true

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<TruncatedBackpropagationBlock<Task>>(setup)
  }
}

/// A block of TBPTT.
public struct TruncatedBackpropagationBlock<Task: DifferentiableTask>: EstimatorBlock {
  public private(set) var states: [Task.State]

  public static var particleCount: Int { Task.blockSize }
  public static var summedParticles: Int? { Task.summedParticles }
  public static var carriesEpisodes: Bool { true }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .plainStart(from: key, burnIn: burnIn) { WindowKeys.Step(noise: $0, unroll: $0) }
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .carried(from: key, length: length) { WindowKeys.Step(noise: $0, unroll: $0) }
  }

  public init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, in: &workspace)
  }

  public mutating func burnIn(
    _ window: Window<Task>, into totals: inout WindowTotals, in workspace: inout Workspace<Task>
  ) throws {
    let thetas = [[Float]](repeating: window.theta, count: states.count)
    var step = 0
    while step < window.length {
      step += try window.unroll(
        &states, from: step, thetas: thetas, into: &totals, in: &workspace)
    }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    try window.pullBack(&states, into: &sum, in: &workspace)
    try window.restartFinished(&states, after: window.length - 1, in: &workspace)
  }

  public func clocks(of task: Task) -> [Int] { states.map { task.stepIndex(of: $0) } }
}
