public import Unrolls

/// UORO over whole episodes.
public enum FullUORO: DifferentiatingAlgorithm {
  public static let id = "FullUORO"
  public static let summary = "UORO on whole episodes"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try UORO.make(differentiating: setup.inWholeEpisodes(windowLength: setup.task.horizon))
  }
}
