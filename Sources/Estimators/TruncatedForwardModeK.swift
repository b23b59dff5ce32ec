public import Randomness
public import Unrolls
public import Workers

/// Directional gradient descent, DODGE: forward mode along a random direction of each particle,
/// drawn anew every K steps of an episode (Silver et al. 2022).
public enum TruncatedForwardModeK: DifferentiatingEstimator {
  public static let id = "TruncatedForwardModeK"
  public static let summary = "DODGE: forward mode along a direction, a new one every K steps"
  public static let isStepUnlocked = true
  public static let needsNoisePeriod = true

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<DirectionalBlock<Task>>(
      task, settings: settings, theta: theta, key: key, pool: pool)
  }
}

/// A block of DODGE with a period.
public struct DirectionalBlock<Task: DifferentiableTask>: DerivativeBlock {
  public private(set) var motion: DirectionalMotion<Task>
  /// A, the sum of the episode's directions so far, θ-rows; 0 in an episode that began before the
  /// particle.
  public private(set) var accumulated: [Float]

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys {
    .directionalStart(from: key, burnIn: burnIn, pair: stepKeys)
  }

  public static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys {
    .carried(from: key, length: length, pair: stepKeys)
  }

  /// (direction, unroll, ·) = split(step key, 3).
  private static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (direction, unroll, _) = key.split3()
    return WindowKeys.Step(noise: direction, unroll: unroll)
  }

  public var states: [Task.State] { motion.states }

  public init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws {
    motion = try DirectionalMotion(window, lane: &lane)
    accumulated = [Float](repeating: 0, count: window.particles.count * window.theta.count)
  }

  public mutating func accumulate(
    _ window: DerivativeWindow<Task>, into sum: inout DerivativeSum,
    lane: inout DerivativeLane<Task>
  ) throws {
    let zero = [Float](repeating: 0, count: window.theta.count)
    var done = 0
    while done < window.length {
      let count = redraw(window, at: done)
      let ended = try motion.advance(
        window, from: done, count: count, weights: accumulated, into: &sum, lane: &lane)
      for index in ended {
        motion.turn(index, to: zero)
        for entry in zero.indices { accumulated[index * zero.count + entry] = 0 }
      }
      done += count
    }
  }

  /// Draws directions for the particles whose period begins at step `step` of the window.
  ///
  /// - Returns: The steps until the next draw, the first end of an episode or the window's.
  private mutating func redraw(_ window: DerivativeWindow<Task>, at step: Int) -> Int {
    let period = window.settings.noisePeriod
    var count = window.steps(of: states, limit: window.length - step)
    for (index, particle) in window.particles.enumerated() {
      let age = window.task.stepIndex(of: states[index]) % period
      count = min(count, period - age)
      guard age == 0 else { continue }
      let direction = window.direction(of: particle, from: window.keys.steps.value[step].noise)
      motion.turn(index, to: direction)
      for entry in direction.indices {
        accumulated[index * direction.count + entry] += direction[entry]
      }
    }
    return count
  }
}
