public import Randomness
public import Unrolls
public import Workers

/// Unbiased online recurrent optimization: keeps a random rank-one matrix s̃ θ̃ᵀ whose mean is the
/// derivative of the state by θ (Tallec & Ollivier 2017).
public enum UORO: DifferentiatingEstimator {
  public static let id = "UORO"
  public static let summary = "UORO: a random rank-one derivative of the state"
  public static let isStepUnlocked = true

  public static func make<Task: DifferentiableTask>(
    differentiating task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws -> any GradientEstimator {
    try DerivativeEstimator<RankOneBlock<Task>>(
      task, settings: settings, theta: theta, key: key, pool: pool)
  }
}

/// A block of UORO.
public struct RankOneBlock<Task: DifferentiableTask>: DerivativeBlock {
  public private(set) var states: [Task.State]
  public private(set) var estimate: RankOneEstimate

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys {
    .plainStart(from: key, burnIn: burnIn, pair: stepKeys)
  }

  public static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys {
    .carried(from: key, length: length, pair: stepKeys)
  }

  /// (ν, unroll) = split(step key).
  private static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (signs, unroll) = key.split()
    return WindowKeys.Step(noise: signs, unroll: unroll)
  }

  public init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, lane: &lane)
    estimate = RankOneEstimate(
      particleCount: states.count, valueCount: window.task.valueCount,
      thetaCount: window.theta.count)
  }

  public mutating func accumulate(
    _ window: DerivativeWindow<Task>, into sum: inout DerivativeSum,
    lane: inout DerivativeLane<Task>
  ) throws {
    let (task, theta) = (window.task, window.theta)
    let keys = window.keys.steps.value
    let members = Array(window.particles.indices)
    var signs = [Float](repeating: 0, count: estimate.state.count)
    var source = SignSource(window)
    var products = estimate.theta
    lane.reserve(steps: 1)
    for step in 0..<window.length {
      source.draw(into: &signs, from: keys[step].noise)
      let unrolls = window.unrolls.dropping(step)
      try task.transition(
        &states, tangents: &estimate.state, adjoints: signs, theta: theta, keys: unrolls,
        particles: window.particles, products: &products, in: &lane.scratch)
      estimate.combine(signs: signs, products: products)
      try task.losses(
        at: states, tangents: estimate.state, theta: theta, keys: unrolls,
        particles: window.particles, losses: &lane.losses, lossTangents: &lane.lossTangents,
        in: &lane.scratch)
      sum.add(losses: lane.losses, steps: 1, width: Task.blockSize, of: members)
      sum.add(
        lossTangents: lane.lossTangents, steps: 1, width: Task.blockSize,
        directions: estimate.theta)
      for index in try window.restartFinished(&states, after: step, lane: &lane) {
        estimate.clear(index)
      }
    }
  }
}

/// Draws ν, ±1 for every value of a block's states.
private struct SignSource {
  private let leaves: [ValueLeaf]
  private let valueCount: Int
  private let particles: Range<Int>
  private let particleCount: Int
  /// An array of the states as it is drawn, for all particles of the block.
  private var drawn: [Float]

  init<Task>(_ window: DerivativeWindow<Task>) {
    leaves = window.task.valueLeaves
    valueCount = window.task.valueCount
    particles = window.particles[0]..<window.particles[0] + window.particles.count
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
