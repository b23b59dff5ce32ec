public import Randomness
public import Unrolls

/// GPES_K over one whole fresh episode: a new noise every K steps, one update a T-step unroll.
public enum FullPESK: EstimatorAlgorithm {
  public static let id = "FullPESK"
  public static let summary = "GPES_K on whole fresh episodes"
  public static let isStepUnlocked = false
  public static let needsNoisePeriod = true
  public static let needsWindowLength = false
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<FreshPersistentBlock<Task>>(
      setup.inWholeEpisodes(windowLength: setup.task.horizon))
  }
}

/// A block of FullPESK.
public struct FreshPersistentBlock<Task: UnrolledTask>: FreshBlock {
  public typealias Noise = PeriodicNoise

  public init() {}

  /// (start, chain) = split(key); the start as GPES_K's; each step (chain, step) = split(chain).
  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    let (initial, chain) = key.split()
    let (start, noise, _) = initial.split3()
    return WindowKeys(start: start, noise: noise) {
      WindowKeys.sequence(from: chain, length: length, pair: PeriodicNoise.stepKeys)
    }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    var block = try PersistentBlock<Task>(window, at: .beginning, in: &workspace)
    try block.accumulate(window, into: &sum, directions: &directions, in: &workspace)
  }
}
