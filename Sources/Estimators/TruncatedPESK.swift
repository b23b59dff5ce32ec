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

/// Particles of GPES_K.
public struct PersistentWorker<Task: UnrolledTask>: GradientWorker {
  public var pairs: AntitheticPairs<Task>
  /// ε of each particle, the noise in use.
  public var noises: [[Float]]
  /// A of each particle, the sum of the episode's noises so far; 0 in an episode that began before
  /// the particle.
  public var accumulated: [[Float]]

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
    pairs = AntitheticPairs(both: try window.start(at: start, lane: &lane))
    noises = window.noises(from: window.keys.noise)
    accumulated = noises.map { $0.map { _ in 0 } }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    lane.perturbed.makeRoom(for: noises.count, theta: window.theta)
    var step = 0
    while step < window.length {
      let limit = renewNoises(window, step: step, into: &sum, lane: &lane)
      let steps = try pairs.advance(window, from: step, upTo: limit, into: &sum, lane: &lane)
      sum.addMultipliers(of: lane.losses, settings: window.settings)
      step += steps
      for particle in noises.indices where pairs.hasEnded(particle, in: window.task) {
        for index in window.theta.indices {
          noises[particle][index] = 0
          accumulated[particle][index] = 0
        }
      }
    }
  }

  /// Draws the noises that are due at a step of the window.
  ///
  /// - Returns: Steps until the next ones are.
  private mutating func renewNoises(
    _ window: Window<Task>, step: Int, into sum: inout WindowSum, lane: inout Lane<Task>
  ) -> Int {
    let period = window.settings.noisePeriod
    var limit = period
    for particle in noises.indices {
      let age = pairs.stepIndex(of: particle, in: window.task) % period
      limit = min(limit, period - age)
      if age == 0 {
        window.drawNoise(particle, into: &noises[particle], from: window.keys.noises[step])
        for index in window.theta.indices {
          accumulated[particle][index] += noises[particle][index]
        }
      }
      if age == 0 || step == 0 {
        lane.perturbed.set(particle, theta: window.theta, noise: noises[particle])
        sum.use(accumulated[particle], for: particle)
      }
    }
    return limit
  }

  public func carriedSteps(of task: Task) -> Int { pairs.carriedSteps(of: task) }
}
