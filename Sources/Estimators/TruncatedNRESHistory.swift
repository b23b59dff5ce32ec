public import Randomness
public import Unrolls
public import Workers

/// NRES that also keeps each particle's losses of the episode so far.
public enum TruncatedNRESHistory: Estimator {
  public static let id = "TruncatedNRESHistory"
  public static let summary = "NRES that keeps the losses of each particle's current episode"
  public static let isStepUnlocked = true
  public static let smoothsObjective = true

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try ParticleEstimator<NoiseReuseHistoryWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// Particles of NRES with their loss histories.
public struct NoiseReuseHistoryWorker<Task: UnrolledTask>: GradientWorker {
  public var worker: NoiseReuseWorker<Task>
  /// Losses of θ + ε of each particle, then of θ − ε: entry t is the loss of the step that reached
  /// step t of this episode. Entries not reached yet are 0, and so is entry 0; the loss that ends an
  /// episode is not kept.
  public var histories: [[Float]]

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    NoiseReuseWorker<Task>.startKeys(from: key, burnIn: burnIn)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    NoiseReuseWorker<Task>.windowKeys(from: key, length: length, settings: settings)
  }

  public init(_ window: Window<Task>, lane: inout Lane<Task>) throws {
    worker = try NoiseReuseWorker(window, lane: &lane)
    histories = worker.pairs.states.map { _ in
      [Float](repeating: 0, count: window.task.horizon)
    }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    // Out of self, which the worker belongs to.
    var histories: [[Float]] = []
    swap(&histories, &self.histories)
    defer { self.histories = histories }
    try worker.accumulate(window, into: &sum, lane: &lane) { pairs, losses in
      for (index, state) in pairs.states.enumerated() {
        let reached = window.task.stepIndex(of: state)
        if reached == 0 {
          for entry in histories[index].indices { histories[index][entry] = 0 }
        } else {
          let before = reached - losses.stepCount
          for step in 0..<losses.stepCount {
            histories[index][before + step + 1] = losses[step, index]
          }
        }
      }
    }
  }

  public func carriedSteps(of task: Task) -> Int { worker.carriedSteps(of: task) }
}
