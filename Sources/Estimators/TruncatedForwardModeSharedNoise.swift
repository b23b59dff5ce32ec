public import Randomness
public import Unrolls
public import Workers

/// Directional gradient descent, DODGE, along one direction for a whole episode (Silver et al. 2022).
///
/// The same estimator as ``TruncatedForwardModeK`` with K ≥ T, with draws of its own: the next
/// episode's direction is drawn at the end of the last.
public enum TruncatedForwardModeSharedNoise: DifferentiatingEstimator {
  public static let id = "TruncatedForwardModeSharedNoise"
  public static let summary = "DODGE: forward mode along one direction for a whole episode"
  public static let isStepUnlocked = true

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<EpisodeDirectionBlock<Task>>(
      task, settings: settings, theta: theta, key: key, pool: pool)
  }
}

/// A block of DODGE with one direction an episode.
public struct EpisodeDirectionBlock<Task: DifferentiableTask>: DerivativeBlock {
  public private(set) var motion: DirectionalMotion<Task>

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys {
    .directionalStart(from: key, burnIn: burnIn, pair: stepKeys)
  }

  public static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys {
    .carried(from: key, length: length, pair: stepKeys)
  }

  /// (unroll, direction) = split(step key).
  private static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (unroll, direction) = key.split()
    return WindowKeys.Step(noise: direction, unroll: unroll)
  }

  public var states: [Task.State] { motion.states }

  public init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws {
    motion = try DirectionalMotion(window, lane: &lane)
  }

  public mutating func accumulate(
    _ window: DerivativeWindow<Task>, into sum: inout DerivativeSum,
    lane: inout DerivativeLane<Task>
  ) throws {
    var done = 0
    while done < window.length {
      let count = window.steps(of: states, limit: window.length - done)
      let ended = try motion.advance(window, from: done, count: count, into: &sum, lane: &lane)
      done += count
      for index in ended {
        let key = window.keys.steps.value[done - 1].noise
        motion.turn(index, to: window.direction(of: window.particles[index], from: key))
      }
    }
  }
}
