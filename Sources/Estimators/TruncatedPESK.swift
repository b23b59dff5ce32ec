public import Unrolls

/// Generalized persistent evolution strategies, GPES_K: a new noise every K steps of an episode.
///
/// K = W is PES; K ≥ T is NRES, which reuses one noise for the whole episode (Li et al. 2023).
public enum TruncatedPESK: EstimatorAlgorithm {
  public static let id = "TruncatedPESK"
  public static let summary = "GPES_K: a new noise every K steps (K = W is PES, K >= T is NRES)"
  public static let isStepUnlocked = true
  public static let needsNoisePeriod = true
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<PersistentBlock<Task>>(setup)
  }
}

/// A block of GPES_K.
public typealias PersistentBlock<Task: UnrolledTask> =
  CarriedBlock<AntitheticPairs<Task>, PeriodicNoise>
