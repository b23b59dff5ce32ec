import Parameters
public import Randomness
public import Unrolls

/// FullES for trajectory optimization: θ differs at every step.
///
/// θ's leaves have a leading axis T. The loss of step u depends on the rows t ≤ u only, so row t's
/// gradient is Σ over u ≥ t of (L⁺ − L⁻)/(2σ²)/T, times row t of ε.
public enum FullESTrajectory: EstimatorAlgorithm {
  public static let id = "FullES_trajopt"
  public static let summary =
    "ES for tasks whose parameters differ at every step (trajectory optimization)"
  public static let isStepUnlocked = false
  public static let needsWindowLength = false

  public static func check<Task: UnrolledTask>(_ task: Task) throws {
    guard task.hasParametersPerStep else { throw EstimatorError.needsParametersPerStep }
  }

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    let task = setup.task
    try check(task)
    precondition(
      task.layout.leaves.allSatisfy { $0.shape.first == task.horizon },
      "parameters of each step are rows of a leading axis as long as the horizon")
    return try BlockRuntime<TrajectoryBlock<Task>>(
      setup.inWholeEpisodes(windowLength: task.horizon))
  }
}

/// A particle of FullES_trajopt. The task picks its row of θ itself.
public struct TrajectoryBlock<Task: UnrolledTask>: FreshBlock {
  public init() {}

  public static var particleCount: Int { 1 }

  public static func average(_ sum: Float, settings: EstimatorSettings, length: Int) -> Float {
    FreshPairsBlock<Task>.average(sum, settings: settings, length: length)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .noisyEpisodes(from: key, length: length)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    let noise = window.noises(from: window.keys.noise)[0]
    workspace.perturbed.set(theta: window.theta, noises: [noise])
    var pair = try AntitheticPairs(fresh: window, in: &workspace)
    var products = BlockSum(particleCount: 1)
    try pair.advance(window, from: 0, steps: window.length, into: &products, in: &workspace)
    sum.totals = products.totals
    var weights = products.multipliers[0].map { $0 / Float(window.length) }
    // From the end, so that weights[t] becomes Σ over u ≥ t.
    for step in (0..<window.length - 1).reversed() { weights[step] += weights[step + 1] }
    var gradient = [Float](repeating: 0, count: noise.count)
    let layout = window.task.layout
    for leaf in layout.leaves.indices {
      let range = layout.range(ofLeaf: leaf)
      let width = range.count / weights.count
      for offset in 0..<range.count {
        let index = range.lowerBound + offset
        gradient[index] = noise[index] * weights[offset / width]
      }
    }
    sum.addGradients(gradient, thetaCount: gradient.count)
  }
}
