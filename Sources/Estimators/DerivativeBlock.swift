public import Randomness
public import Unrolls

/// A block of particles of an estimator that differentiates: what they carry from window to window
/// and how they run one, side by side.
///
/// What a block carries is in its stored properties, plain values that can be written out and read
/// back. Arrays of numbers hold a row a particle.
public protocol DerivativeBlock: Codable, Sendable {
  associatedtype Task: DifferentiableTask

  /// Keys of the start and the burn-in, from the estimator's own key.
  static func startKeys(from key: PRNGKey, burnIn: Int) -> DerivativeKeys

  /// Keys of one window, from the window's key.
  static func windowKeys(from key: PRNGKey, length: Int) -> DerivativeKeys

  /// The carried trajectories, one a particle; none where every window begins with fresh episodes.
  var states: [Task.State] { get }

  /// Starts the block's trajectories, if it carries any.
  init(_ window: BlockWindow<Task>, lane: inout BlockLane<Task>) throws

  /// Runs the burn-in, whose gradients are thrown away.
  mutating func burnIn(_ window: BlockWindow<Task>, lane: inout BlockLane<Task>) throws

  /// Runs one window and adds what it gives to `sum`.
  mutating func accumulate(
    _ window: BlockWindow<Task>, into sum: inout BlockSum, lane: inout BlockLane<Task>) throws
}

extension DerivativeBlock {
  public mutating func burnIn(
    _ window: BlockWindow<Task>, lane: inout BlockLane<Task>
  ) throws {
    var ignored = BlockSum(particleCount: window.particles.count, thetaCount: window.theta.count)
    try accumulate(window, into: &ignored, lane: &lane)
  }
}

/// One window as a block of particles sees it.
public struct BlockWindow<Task: DifferentiableTask>: Sendable {
  public let task: Task
  public let settings: EstimatorSettings
  /// θ, the same for all particles.
  public let theta: [Float]
  public let keys: DerivativeKeys
  /// The transitions' keys.
  public let unrolls: StepKeys
  /// Steps to run.
  public let length: Int
  /// The block's particles among `settings.particleCount`.
  public let particles: [Int]

  /// Starts an episode for each particle, with the window's start key.
  func start(at start: EpisodeStart, lane: inout BlockLane<Task>) throws -> [Task.State] {
    try particles.map { particle in
      let key = keys.start.split(settings.particleCount, at: particle)
      return try task.start(theta: theta, key: key, at: start, in: &lane.scratch)
    }
  }

  /// The most steps, up to `limit`, that none of the states ends its episode before the last of.
  func steps(of states: [Task.State], limit: Int) -> Int {
    states.reduce(limit) { min($0, task.horizon - task.stepIndex(of: $1)) }
  }

  /// Begins the next episode of each state that got to the end of its last with step `step`.
  ///
  /// - Parameter particles: The states' particles; by default those of the block.
  /// - Returns: The places of those states.
  @discardableResult
  func restartFinished(
    _ states: inout [Task.State], of particles: [Int]? = nil, after step: Int,
    lane: inout BlockLane<Task>
  ) throws -> [Int] {
    var restarted: [Int] = []
    for index in states.indices where task.stepIndex(of: states[index]) >= task.horizon {
      let key = unrolls.key(step: step, particle: (particles ?? self.particles)[index])
      try task.restart(&states[index], theta: theta, key: key, in: &lane.scratch)
      restarted.append(index)
    }
    return restarted
  }

  /// Draws a direction v ~ N(0, I) for a particle of the block, from a key that all particles share.
  func direction(of particle: Int, from shared: PRNGKey) -> [Float] {
    task.layout.noise(key: shared.split(settings.particleCount, at: particle), sigma: 1)
  }
}

/// What one thread needs to run blocks.
public struct BlockLane<Task: DifferentiableTask> {
  public var scratch: Task.Scratch
  /// Losses of a segment: that of step i of state j at i · `blockSize` + j.
  public var losses: [Float] = []
  /// Their derivatives along the particles' directions.
  public var lossTangents: [Float] = []

  /// Makes room for the losses of `steps` steps.
  mutating func reserve(steps: Int) {
    let count = steps * Task.blockSize
    guard losses.count < count else { return }
    losses = [Float](repeating: 0, count: count)
    lossTangents = losses
  }
}

/// What one block's window gave.
public struct BlockSum: Sendable {
  /// Σ over the block's particles and over steps of their parts of the gradient.
  public var gradient: [Float]
  /// Σ of the losses of each particle.
  public var losses: [Double]

  public init(particleCount: Int, thetaCount: Int) {
    gradient = [Float](repeating: 0, count: thetaCount)
    losses = [Double](repeating: 0, count: particleCount)
  }

  /// Back to nothing, keeping the memory.
  mutating func clear() {
    for index in gradient.indices { gradient[index] = 0 }
    for index in losses.indices { losses[index] = 0 }
  }

  /// Adds `steps` rows of losses, `width` apart; number i of a row is of particle `particles[i]`.
  mutating func add(losses rows: [Float], steps: Int, width: Int, of particles: [Int]) {
    var sums = [Double](repeating: 0, count: particles.count)
    var total = sums.mutableSpan
    let rows = rows.span
    for step in 0..<steps {
      let row = rows.extracting(step * width..<step * width + total.count)
      for index in row.indices { total[index] += Double(row[index]) }
    }
    for (particle, sum) in zip(particles, sums) { losses[particle] += sum }
  }

  /// Adds Σ over steps of Σ over particles of L̇ · direction, in float32 and in this order, which
  /// is the reference's: it steps all particles side by side.
  ///
  /// - Parameters:
  ///   - lossTangents: `steps` rows of L̇, `width` apart.
  ///   - directions: θ-rows.
  mutating func add(lossTangents: [Float], steps: Int, width: Int, directions: [Float]) {
    let particleCount = losses.count
    let thetaCount = gradient.count
    var gradient = self.gradient.mutableSpan
    let (lossTangents, directions) = (lossTangents.span, directions.span)
    for step in 0..<steps {
      let row = lossTangents.extracting(step * width..<step * width + particleCount)
      for index in 0..<thetaCount {
        var sum: Float = 0
        for particle in row.indices {
          sum += directions[particle * thetaCount + index] * row[particle]
        }
        gradient[index] += sum
      }
    }
  }
}
