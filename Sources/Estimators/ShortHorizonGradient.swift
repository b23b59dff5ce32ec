public import Unrolls

/// Reverse mode through the first W steps of fresh episodes only.
public enum ShortHorizonGradient: DifferentiatingAlgorithm {
  public static let id = "ShortHorizonGradient"
  public static let summary = "BPTT through the first W steps of fresh episodes"
  public static let isStepUnlocked = false

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<FreshBackpropagationBlock<Task>>(setup)
  }
}
