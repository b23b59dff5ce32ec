public import Randomness
public import Unrolls
public import Workers

/// Noise-reuse evolution strategies: one noise for a whole episode.
///
/// The same estimator as GPES_K with K ≥ T, with draws of its own: the next episode's noise is drawn
/// at the end of the last (Li et al. 2023).
public enum TruncatedNRES: Estimator {
  public static let id = "TruncatedNRES"
  public static let summary = "NRES: one noise for a whole episode"
  public static let isStepUnlocked = true
  public static let smoothsObjective = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<NoiseReuseWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// One particle of NRES.
public struct NoiseReuseWorker<Task: UnrolledTask>: GradientWorker {
  public var pair: AntitheticPair<Task>
  /// ε of the episode.
  public var noise: [Float]

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .pairStart(from: key, burnIn: burnIn, pair: stepKeys)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .carried(from: key, length: length, pair: stepKeys)
  }

  /// (unroll, noise) = split(step key).
  private static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (unroll, noise) = key.split()
    return WindowKeys.Step(noise: noise, unroll: unroll)
  }

  public init(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    pair = AntitheticPair(
      both: try window.start(
        theta: window.theta, at: window.settings.unlockedStart, lane: &lane))
    noise = [Float](repeating: 0, count: window.theta.count)
    window.drawNoise(into: &noise, from: window.keys.noise)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    try accumulate(window, into: &sum, lane: &lane) { _, _ in }
  }

  /// As above; `observe` is called after each step with the step index the pair then stands at.
  mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>,
    observe: (_ stepIndex: Int, _ outcome: AntitheticOutcome) -> Void
  ) throws {
    lane.perturbed.set(theta: window.theta, noise: noise)
    for step in 0..<window.length {
      let outcome = try pair.advance(window, step: step, into: &sum, lane: &lane)
      observe(window.task.stepIndex(of: pair.positive), outcome)
      sum.add(noise, multiplier: window.settings.multiplier(of: outcome.difference))
      if outcome.isDone {
        window.drawNoise(into: &noise, from: window.keys.steps[step].noise)
        lane.perturbed.set(theta: window.theta, noise: noise)
      }
    }
  }

  public func carriedSteps(of task: Task) -> Int { pair.carriedSteps(of: task) }
}
