public import Unrolls

/// DODGE over whole episodes, a new direction every K steps.
public enum FullDirectionalGradientK: DifferentiatingAlgorithm {
  public static let id = "FullDirectionalGradientK"
  public static let summary = "DODGE on whole episodes, a new direction every K steps"
  public static let isStepUnlocked = false
  public static let needsNoisePeriod = true
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try TruncatedForwardModeK.make(
      differentiating: setup.inWholeEpisodes(windowLength: setup.task.horizon))
  }
}
