public import Unrolls

/// Noise-reuse evolution strategies: one noise for a whole episode.
///
/// The same estimator as GPES_K with K ≥ T, with draws of its own: the next episode's noise is drawn
/// at the end of the last (Li et al. 2023).
public enum TruncatedNRES: EstimatorAlgorithm {
  public static let id = "TruncatedNRES"
  public static let summary = "NRES: one noise for a whole episode"
  public static let isStepUnlocked = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<NoiseReuseBlock<Task>>(setup)
  }
}

/// A block of NRES.
public typealias NoiseReuseBlock<Task: UnrolledTask> =
  CarriedBlock<AntitheticPairs<Task>, EpisodeNoise>
