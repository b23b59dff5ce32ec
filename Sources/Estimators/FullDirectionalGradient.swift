public import Unrolls

/// DODGE over whole episodes, one direction each.
public enum FullDirectionalGradient: DifferentiatingAlgorithm {
  public static let id = "FullDirectionalGradient"
  public static let summary = "DODGE on whole episodes, one direction each"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try FullDirectionalGradientK.make(
      differentiating: setup.with { $0.noisePeriod = setup.task.horizon })
  }
}
