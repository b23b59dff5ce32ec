import Parameters
public import Randomness
public import Unrolls
public import Workers

/// FullES for trajectory optimization: θ differs at every step.
///
/// θ's leaves have a leading axis T. The loss of step u depends on the rows t ≤ u only, so row t's
/// gradient is Σ over u ≥ t of (L⁺ − L⁻)/(2σ²)/T, times row t of ε.
public enum FullESTrajectory: Estimator {
  public static let id = "FullES_trajopt"
  public static let summary =
    "ES for tasks whose parameters differ at every step (trajectory optimization)"
  public static let isStepUnlocked = false
  public static let smoothsObjective = true
  public static let needsWindowLength = false

  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    guard task.hasParametersPerStep else { throw EstimatorError.needsParametersPerStep }
    precondition(
      task.layout.leaves.allSatisfy { $0.shape.first == task.horizon },
      "parameters of each step are rows of a leading axis as long as the horizon")
    return try ParticleEstimator<FullESTrajectoryWorker<Task>>(
      task, settings: settings, isStepUnlocked: isStepUnlocked, theta: theta, key: key, pool: pool)
  }
}

/// Particles of FullES_trajopt, which carry nothing. The task picks its row of θ itself.
public struct FullESTrajectoryWorker<Task: UnrolledTask>: FreshEpisodeWorker {
  public static func windowLength(of settings: EstimatorSettings, horizon: Int) -> Int { horizon }

  public init() {}

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    let noises = window.noises(from: window.keys.noise)
    lane.perturbed.set(theta: window.theta, noises: noises)
    var pairs = try window.startPairs(lane: &lane)
    var weights = noises.map { _ in [Float](repeating: 0, count: window.length) }
    var step = 0
    while step < window.length {
      let steps = try pairs.advance(window, from: step, into: &sum, lane: &lane)
      for particle in noises.indices {
        for row in 0..<steps {
          let difference = lane.losses[row, particle] - lane.losses[row, particle + noises.count]
          weights[particle][step + row] =
            window.settings.multiplier(of: difference) / Float(window.length)
        }
      }
      step += steps
    }
    for particle in noises.indices {
      // From the end, so that weights[t] becomes Σ over u ≥ t.
      for step in (0..<window.length - 1).reversed() {
        weights[particle][step] += weights[particle][step + 1]
      }
      sum.use(
        weighted(noises[particle], by: weights[particle], layout: window.task.layout),
        for: particle)
    }
    sum.add(noises.map { _ in 1 })
  }

  /// `direction` with row t of each leaf multiplied by `weights[t]`.
  private func weighted(
    _ direction: [Float], by weights: [Float], layout: ParameterLayout
  ) -> [Float] {
    var direction = direction
    for leaf in layout.leaves.indices {
      let range = layout.range(ofLeaf: leaf)
      let width = range.count / weights.count
      for offset in 0..<range.count {
        direction[range.lowerBound + offset] *= weights[offset / width]
      }
    }
    return direction
  }
}
