public import Randomness
public import Unrolls
import Workers

/// Unbiased online recurrent optimization: keeps a random rank-one matrix s̃ θ̃ᵀ whose mean is the
/// derivative of the state by θ (Tallec & Ollivier 2017).
public enum UORO: DifferentiatingAlgorithm {
  public static let id = "UORO"
  public static let summary = "UORO: a random rank-one derivative of the state"
  public static let isStepUnlocked = true

  public static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<RankOneBlock<Task>>(setup)
  }
}

/// A block of UORO. Its particles are those that are summed first, step by step: θ̃ is another at each
/// step, and too large to keep.
public struct RankOneBlock<Task: DifferentiableTask>: EstimatorBlock {
  public private(set) var states: [Task.State]
  public private(set) var estimate: RankOneEstimate

  public static var particleCount: Int { Task.summedParticles }
  public static var summedParticles: Int? { Task.summedParticles }
  public static var carriesEpisodes: Bool { true }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .plainStart(from: key, burnIn: burnIn, pair: stepKeys)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .carried(from: key, length: length, pair: stepKeys)
  }

  /// (ν, unroll) = split(step key).
  @Sendable private static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (signs, unroll) = key.split()
    return WindowKeys.Step(noise: signs, unroll: unroll)
  }

  public init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, in: &workspace)
    estimate = RankOneEstimate(
      particleCount: states.count, valueCount: window.task.valueCount,
      thetaCount: window.theta.count)
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    let (task, theta) = (window.task, window.theta)
    let particles = Array(window.particles)
    let keys = window.keys.noises
    var signs = [Float](repeating: 0, count: estimate.state.count)
    var source = SignSource(window)
    var products = estimate.theta
    workspace.reserve(steps: 1)
    for step in 0..<window.length {
      try workspace.cancellation.check()
      source.draw(into: &signs, from: keys[step])
      let unrolls = window.unrolls.dropping(step)
      try task.transition(
        &states, tangents: &estimate.state, adjoints: signs, theta: theta, keys: unrolls,
        particles: particles, products: &products, in: &workspace.scratch)
      estimate.combine(signs: signs, products: products)
      try task.losses(
        at: states, tangents: estimate.state, theta: theta, keys: unrolls,
        particles: particles, losses: &workspace.losses.values,
        lossTangents: &workspace.lossTangents.values, in: &workspace.scratch)
      window.note(workspace, into: &sum.totals)
      sum.addGradients(
        workspace.lossTangents.values.span.extracting(particles.indices), times: estimate.theta,
        thetaCount: theta.count)
      for index in try window.restartFinished(&states, after: step, in: &workspace) {
        estimate.clear(index)
      }
    }
  }

  public func clocks(of task: Task) -> [Int] { states.map { task.stepIndex(of: $0) } }
}

/// Draws ν, ±1 for every value of a block's states.
private struct SignSource {
  private let leaves: [ValueLeaf]
  private let valueCount: Int
  private let particles: Range<Int>
  private let particleCount: Int
  /// An array of the states as it is drawn, for all particles of the block.
  private var drawn: [Float]

  init<Task: DifferentiableTask>(_ window: Window<Task>) {
    leaves = window.task.valueLeaves
    valueCount = window.task.valueCount
    particles = window.particles
    particleCount = window.settings.particleCount
    let largest = leaves.reduce(0) { max($0, $1.count * $1.depth) }
    drawn = [Float](repeating: 0, count: particles.count * largest)
  }

  /// Draws from a step's key: each array of the states from a key of its own, for all particles of
  /// the estimator at once, of which the block's are a part.
  mutating func draw(into signs: inout [Float], from key: PRNGKey) {
    for (index, leaf) in leaves.enumerated() {
      let size = leaf.count * leaf.depth
      key.split(leaves.count, at: index).fillRademacher(
        &drawn, particles.lowerBound * size..<particles.upperBound * size, of: particleCount * size)
      for row in 0..<particles.count {
        for column in 0..<leaf.depth {
          let first = row * valueCount + leaf.offset + column * leaf.stride
          for entry in 0..<leaf.count {
            signs[first + entry] = drawn[row * size + entry * leaf.depth + column]
          }
        }
      }
    }
  }
}
