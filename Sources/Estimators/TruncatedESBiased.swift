public import Randomness
public import Unrolls
public import Workers

/// Truncated evolution strategies, TES: perturbs one window from a state reached without noise.
///
/// Metz et al. 2019. Biased: it ignores what earlier windows, run with another θ, did to the state.
public enum TruncatedESBiased: Estimator {
  public static let id = "TruncatedESBiased"
  public static let summary = "TES: perturbs each window from an unperturbed state (biased)"
  public static let isStepUnlocked = true
  public static let smoothsObjective = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<TruncatedESWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// One particle of TES.
public struct TruncatedESWorker<Task: UnrolledTask>: GradientWorker {
  /// The trajectory, advanced with θ alone.
  public var state: Task.State

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    let (start, unrolls) = key.split()
    let steps = WindowKeys.sequence(from: unrolls, length: burnIn) {
      WindowKeys.Step(noise: $0, unroll: $0)
    }
    return WindowKeys(start: start, noise: start, steps: steps)
  }

  /// One noise key for the window. The reference splits the unroll key into as many rows as there
  /// are *particles* and takes one a step; past the last row its indexing stays at the last.
  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    let (noise, unroll) = key.split()
    let count = settings.particleCount
    let steps = (0..<length).map {
      WindowKeys.Step(noise: noise, unroll: unroll.split(count, at: min($0, count - 1)))
    }
    return WindowKeys(start: key, noise: noise, steps: steps)
  }

  public init(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    state = try window.start(
      theta: window.theta, at: window.settings.unlockedStart, lane: &lane)
  }

  public mutating func burnIn(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    for step in 0..<window.length {
      _ = try window.task.advance(
        &state, theta: window.theta, key: window.stepKey(step), in: &lane.scratch)
    }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    let noise = window.noise()
    lane.perturbed.set(theta: window.theta, noise: noise)
    var pair = AntitheticPair<Task>(both: state)
    for step in 0..<window.length {
      let outcome = try pair.advance(window, step: step, into: &sum, lane: &lane)
      sum.add(noise, multiplier: window.settings.multiplier(of: outcome.difference))
    }

    try burnIn(window, lane: &lane)
    sum.environmentSteps += window.length
  }

  public func carriedSteps(of task: Task) -> Int { task.stepIndex(of: state) }
}
