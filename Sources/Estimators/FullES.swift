public import Randomness
public import Unrolls

/// Evolution strategies on whole fresh episodes.
public enum FullES: EstimatorAlgorithm {
  public static let id = "FullES"
  public static let summary = "ES on whole episodes: one update a T-step unroll"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<FreshPairsBlock<Task>>(
      setup.inWholeEpisodes(windowLength: setup.task.horizon))
  }
}

/// A block of FullES or ShortHorizonES: (L̄⁺ − L̄⁻)/(2σ²) ε, with L̄ the mean of a window's losses.
public struct FreshPairsBlock<Task: UnrolledTask>: FreshBlock {
  public typealias Noise = WindowNoise

  public init() {}

  public static func average(_ sum: Float, settings: EstimatorSettings, length: Int) -> Float {
    sum * (1 / Float(settings.particleCount))
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .noisyEpisodes(from: key, length: length)
  }

  /// Losses are summed in float32 in the order of the steps, as the reference does.
  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    let noises = window.noises(from: window.keys.noise)
    workspace.perturbed.set(theta: window.theta, noises: noises)
    directions.use(noises)
    var pairs = try AntitheticPairs(fresh: window, in: &workspace)
    var losses = [Float](repeating: 0, count: pairs.states.count)
    var step = 0
    while step < window.length {
      step += try pairs.unroll(window, from: step, into: &sum, in: &workspace)
      workspace.losses.add(to: &losses)
    }
    // The reference's compiler divides by a constant through its reciprocal.
    let share = 1 / Float(window.length)
    sum.add(
      noises.indices.map {
        window.settings.multiplier(of: losses[$0] * share - losses[noises.count + $0] * share)
      })
  }
}
