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

/// Particles of TES.
public struct TruncatedESWorker<Task: UnrolledTask>: GradientWorker {
  /// The trajectory of each particle, advanced with θ alone.
  public var states: [Task.State]

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
    states = try window.start(at: window.settings.unlockedStart, lane: &lane)
  }

  public mutating func burnIn(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    let thetas = states.map { _ in window.theta }
    var step = 0
    while step < window.length {
      step += try window.advance(&states, from: step, thetas: thetas, lane: &lane)
    }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    let noises = window.noises(from: window.keys.noise)
    lane.perturbed.set(theta: window.theta, noises: noises)
    sum.use(noises)
    var pairs = AntitheticPairs<Task>(both: states)
    var step = 0
    while step < window.length {
      let steps = try pairs.advance(window, from: step, into: &sum, lane: &lane)
      sum.addMultipliers(of: lane.losses, settings: window.settings)
      step += steps
    }

    try burnIn(window, lane: &lane)
    sum.environmentSteps += states.count * window.length
  }

  public func carriedSteps(of task: Task) -> Int {
    states.reduce(0) { $0 + task.stepIndex(of: $1) }
  }
}
