public import Randomness
public import Unrolls
public import Workers

/// Generalized persistent evolution strategies, GPES_K: a new noise every K steps of an episode.
///
/// K = W is PES; K ≥ T is NRES, which reuses one noise for the whole episode (Li et al. 2023).
public enum TruncatedPESK: Estimator {
  public static let id = "TruncatedPESK"
  public static let summary = "GPES_K: a new noise every K steps (K = W is PES, K >= T is NRES)"
  public static let isStepUnlocked = true
  public static let smoothsObjective = true
  public static let needsNoisePeriod = true
  public static let canNormalizeLoss = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<PersistentWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// One particle of GPES_K.
public struct PersistentWorker<Task: UnrolledTask>: GradientWorker {
  public var pair: AntitheticPair<Task>
  /// ε, the noise in use.
  public var noise: [Float]
  /// A, the sum of the episode's noises so far; 0 in an episode that began before the particle.
  public var accumulated: [Float]

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .pairStart(from: key, burnIn: burnIn, pair: stepKeys)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .carried(from: key, length: length, pair: stepKeys)
  }

  /// (noise, unroll, ·) = split(step key, 3).
  static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (noise, unroll, _) = key.split3()
    return WindowKeys.Step(noise: noise, unroll: unroll)
  }

  public init(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    try self.init(window, at: window.settings.unlockedStart, lane: &lane)
  }

  init(_ window: Window<Task>, at start: EpisodeStart, lane: inout Lane<Task>) throws {
    pair = AntitheticPair(both: try window.start(theta: window.theta, at: start, lane: &lane))
    accumulated = [Float](repeating: 0, count: window.theta.count)
    noise = accumulated
    window.drawNoise(into: &noise, from: window.keys.noise)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    lane.perturbed.set(theta: window.theta, noise: noise)
    for step in 0..<window.length {
      if window.task.stepIndex(of: pair.positive) % window.settings.noisePeriod == 0 {
        window.drawNoise(into: &noise, from: window.keys.steps[step].noise)
        for index in noise.indices { accumulated[index] += noise[index] }
        lane.perturbed.set(theta: window.theta, noise: noise)
      }
      let outcome = try pair.advance(window, step: step, into: &sum, lane: &lane)
      sum.add(accumulated, multiplier: window.settings.multiplier(of: outcome.difference))
      if outcome.isDone {
        for index in noise.indices {
          noise[index] = 0
          accumulated[index] = 0
        }
        lane.perturbed.set(theta: window.theta, noise: noise)
      }
    }
  }

  public func carriedSteps(of task: Task) -> Int { pair.carriedSteps(of: task) }
}
