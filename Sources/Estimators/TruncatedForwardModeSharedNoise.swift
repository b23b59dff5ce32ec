public import Unrolls

/// Directional gradient descent, DODGE, along one direction for a whole episode (Silver et al. 2022).
///
/// The same estimator as ``TruncatedForwardModeK`` with K ≥ T, with draws of its own: the next
/// episode's direction is drawn at the end of the last.
public enum TruncatedForwardModeSharedNoise: DifferentiatingAlgorithm {
  public static let id = "TruncatedForwardModeSharedNoise"
  public static let summary = "DODGE: forward mode along one direction for a whole episode"
  public static let isStepUnlocked = true

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<EpisodeDirectionBlock<Task>>(setup)
  }
}

/// A block of DODGE with one direction an episode.
public typealias EpisodeDirectionBlock<Task: DifferentiableTask> =
  CarriedBlock<DirectionalMotion<Task>, EpisodeNoise>
