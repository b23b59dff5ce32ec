public import Randomness
public import Unrolls

/// Backpropagation through time, BPTT: reverse mode through whole fresh episodes.
public enum FullGradient: DifferentiatingAlgorithm {
  public static let id = "FullGradient"
  public static let summary = "BPTT: reverse mode through whole fresh episodes"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<FreshBackpropagationBlock<Task>>(
      setup.inWholeEpisodes(windowLength: setup.task.horizon))
  }
}

/// A block of FullGradient or ShortHorizonGradient.
public struct FreshBackpropagationBlock<Task: DifferentiableTask>: FreshBlock {
  public init() {}

  public static var particleCount: Int { Task.blockSize }
  public static var summedParticles: Int? { Task.summedParticles }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .freshEpisodes(from: key, length: length)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    var states = try window.start(at: .beginning, in: &workspace)
    try window.pullBack(&states, into: &sum, in: &workspace)
  }
}
