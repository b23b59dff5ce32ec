public import Unrolls

/// FullES on the first W steps of fresh episodes only.
public enum ShortHorizonES: EstimatorAlgorithm {
  public static let id = "ShortHorizonES"
  public static let summary = "ES on the first W steps of fresh episodes"
  public static let isStepUnlocked = false
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<FreshPairsBlock<Task>>(setup)
  }
}
