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

/// Particles of NRES.
public struct NoiseReuseWorker<Task: UnrolledTask>: GradientWorker {
  public var pairs: AntitheticPairs<Task>
  /// ε of each particle's episode.
  public var noises: [[Float]]

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
    pairs = AntitheticPairs(
      both: try window.start(at: window.settings.unlockedStart, lane: &lane))
    noises = window.noises(from: window.keys.noise)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    try accumulate(window, into: &sum, lane: &lane) { _, _ in }
  }

  /// As above; `observe` is called with the pairs after each stretch of steps, and their losses.
  mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>,
    observe: (_ pairs: AntitheticPairs<Task>, _ losses: LossRows) -> Void
  ) throws {
    lane.perturbed.set(theta: window.theta, noises: noises)
    sum.use(noises)
    var step = 0
    while step < window.length {
      let steps = try pairs.advance(window, from: step, into: &sum, lane: &lane)
      sum.addMultipliers(of: lane.losses, settings: window.settings)
      step += steps
      observe(pairs, lane.losses)
      for particle in noises.indices where pairs.hasEnded(particle, in: window.task) {
        window.drawNoise(particle, into: &noises[particle], from: window.keys.noises[step - 1])
        lane.perturbed.set(particle, theta: window.theta, noise: noises[particle])
        sum.use(noises[particle], for: particle)
      }
    }
  }

  public func carriedSteps(of task: Task) -> Int { pairs.carriedSteps(of: task) }
}
