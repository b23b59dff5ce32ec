public import Unrolls

/// Directional gradient descent, DODGE: forward mode along a random direction of each particle,
/// drawn anew every K steps of an episode (Silver et al. 2022).
public enum TruncatedForwardModeK: DifferentiatingAlgorithm {
  public static let id = "TruncatedForwardModeK"
  public static let summary = "DODGE: forward mode along a direction, a new one every K steps"
  public static let isStepUnlocked = true
  public static let needsNoisePeriod = true

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<DirectionalBlock<Task>>(setup)
  }
}

/// A block of DODGE with a period.
public typealias DirectionalBlock<Task: DifferentiableTask> =
  CarriedBlock<DirectionalMotion<Task>, PeriodicNoise>
