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

/// One particle of FullES_trajopt, which carries nothing. The task picks its row of θ itself.
public struct FullESTrajectoryWorker<Task: UnrolledTask>: FreshEpisodeWorker {
  public static func windowLength(of settings: EstimatorSettings, horizon: Int) -> Int { horizon }

  public init() {}

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws {
    let noise = window.noise()
    lane.perturbed.set(theta: window.theta, noise: noise)
    var pair = try window.startPair(lane: &lane)
    var weights = [Float](repeating: 0, count: window.length)
    for step in 0..<window.length {
      let outcome = try pair.advance(window, step: step, into: &sum, lane: &lane)
      weights[step] = window.settings.multiplier(of: outcome.difference) / Float(window.length)
    }
    // From the end, so that weights[t] becomes Σ over u ≥ t.
    for step in (0..<window.length - 1).reversed() { weights[step] += weights[step + 1] }
    sum.add(weighted(noise, by: weights, layout: window.task.layout), multiplier: 1)
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
