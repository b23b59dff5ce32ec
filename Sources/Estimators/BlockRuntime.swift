import Parameters
public import Randomness
import Unrolls
import Workers

/// Runs particles in blocks, a whole window each in one parallel section, and makes an estimate of
/// what the blocks give.
///
/// Computing and adding up are apart, so that particles may be shared out: see ``PartialEstimator``.
public final class BlockRuntime<Block: EstimatorBlock>: GradientEstimator {
  let task: Block.Task
  let settings: EstimatorSettings
  let pool: WorkerPool
  /// The threads that there are, of which ``pool`` has no more than blocks.
  let threadCount: Int
  private var workspaces: [Workspace<Block.Task>]
  let entries: [Entry]
  /// The particles that are run here.
  public let particles: Range<Int>
  /// How many particles work together; the last block may have fewer.
  private let blockSize: Int
  let start: Common
  /// The last window, as long as the noises of particles elsewhere have not gone along with it.
  var last: Common?
  public internal(set) var environmentSteps = 0
  public internal(set) var simulatedSteps = 0
  public internal(set) var divergedSteps = 0
  /// Whether the particles are where a saved state left them.
  var isRestored = false
  /// What ``goBack()`` takes up.
  var kept: KeptState?

  /// A block and what a window of it gave: an object, so that no block is copied on the way.
  final class Entry {
    let particles: Range<Int>
    /// Of the states of both sides.
    let sides: [Int]
    var sum: BlockSum
    var directions: Directions
    /// The step of its episode that each particle began at, before the burn-in.
    var startClocks: [Int] = []
    var burnIn = WindowTotals()
    /// Nil where the particles are run elsewhere.
    var block: Block?
    /// Where they are: what follows from keys.
    var follower: NoiseFollower<Block.Noise>?

    init(_ particles: Range<Int>) {
      self.particles = particles
      sides = Array(particles) + particles
      sum = BlockSum(particleCount: particles.count)
      directions = Directions(particleCount: particles.count)
    }
  }

  /// Starts the particles; those that carry episodes run their burn-in, of one horizon unless the
  /// settings say otherwise.
  ///
  /// - Throws: ``EstimatorError`` where there are more shares than blocks, and what the task throws.
  public init(_ setup: EstimatorSetup<Block.Task>) throws {
    (task, settings) = (setup.task, setup.settings)
    let all = 0..<settings.particleCount
    let share = setup.share ?? ParticleShare(0, of: 1)
    // No larger than leaves a block for each share.
    let part = max(1, all.count / share.count)
    // Where a part is summed first, its size is a matter of bits.
    let size =
      Block.summedParticles == nil
      ? setup.share == nil
        ? setup.task.particlesTogether(of: all.count, most: Block.particleCount)
        : min(part, setup.task.particlesTogether(of: part, most: Block.particleCount))
      : Block.particleCount
    blockSize = size
    let own = try share.range(of: (all.count + size - 1) / size)
    particles = own.lowerBound * size..<min(own.upperBound * size, all.count)
    precondition(
      Block.summedParticles.map { $0.isMultiple(of: Block.particleCount) } ?? true,
      "whole blocks are summed first")
    entries = stride(from: 0, to: all.count, by: size).map {
      Entry($0..<min($0 + size, all.count))
    }
    // Threads that have no block of their own help with others'.
    let blockCount = (self.particles.count + size - 1) / size
    threadCount = setup.pool.threadCount
    let threads = threadCount
    pool = WorkerPool(
      threadCount: max(1, min(threads, blockCount)), cancellation: setup.pool.cancellation)
    workspaces = try (0..<pool.threadCount).map { [task, pool] _ in
      try Workspace(
        for: task, threads: min(2, max(1, threads / max(1, blockCount))),
        cancellation: pool.cancellation)
    }
    let burnIn = Block.carriesEpisodes ? settings.burnInLength ?? task.horizon : 0
    start = Common(
      task: task, settings: settings, theta: setup.theta,
      keys: Block.startKeys(from: setup.key, burnIn: burnIn), length: burnIn)
    if let state = setup.state {
      try restore(from: state)
      return
    }
    try run { [task, start] entry, workspace in
      let window = start.window(of: entry)
      var block = try Block(window, in: &workspace)
      entry.startClocks = Array(
        block.clocks(of: task).prefix(entry.particles.count))
      if burnIn > 0 {
        try block.burnIn(window, into: &entry.burnIn, in: &workspace)
        try setup.pool.didStart?(entry.particles.count)
      }
      entry.block = block
    }
    if burnIn > 0 {
      environmentSteps = blocks.reduce(0) { $0 + $1.clocks(of: task).reduce(0, +) }
      simulatedSteps = entries.reduce(0) { $0 + $1.burnIn.simulatedSteps }
      divergedSteps = entries.reduce(0) { $0 + $1.burnIn.divergedSteps }
    }
  }

  /// The blocks that are run here, in the order of their particles.
  public var blocks: [Block] { entries.compactMap(\.block) }

  /// The entries of ``particles``.
  var ownEntries: [Entry] {
    Array(
      entries[
        particles.lowerBound / blockSize..<(particles.upperBound + blockSize - 1) / blockSize])
  }

  /// Calls `body` for ``ownEntries``, side by side.
  private func run(
    _ body: (_ entry: Entry, _ workspace: inout Workspace<Block.Task>) throws -> Void
  ) throws {
    var chosen = ownEntries
    try pool.update(&chosen, scratches: &workspaces) { try body($1, &$2) }
  }

  /// What windows of all blocks have in common.
  struct Common {
    var task: Block.Task
    var frame: WindowFrame
    var unrolls: StepKeys

    init(
      task: Block.Task, settings: EstimatorSettings, theta: [Float], keys: WindowKeys, length: Int
    ) {
      self.task = task
      frame = WindowFrame(
        settings: settings, theta: theta, keys: keys, length: length, horizon: task.horizon,
        layout: task.layout, noiseDeviation: Float(Block.noiseDeviation ?? settings.sigma),
        particles: 0..<0)
      unrolls = StepKeys(
        shared: Deferred { keys.unrolls }, particleCount: settings.particleCount)
    }

    func frame(of entry: Entry) -> WindowFrame {
      var frame = frame
      frame.particles = entry.particles
      return frame
    }

    func window(of entry: Entry) -> Window<Block.Task> {
      Window(frame: frame(of: entry), unrolls: unrolls, sides: entry.sides, task: task)
    }
  }

  /// - Precondition: All particles are run here.
  public func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
    precondition(particles.count == settings.particleCount, "the sums of all particles")
    try compute(theta: theta, key: key)
    var sums: [BlockSum] = []
    sums.reserveCapacity(entries.count)
    for entry in entries { sums.append(entry.sum) }
    return reduced(sums)
  }

  func compute(theta: [Float], key: PRNGKey) throws {
    let length = settings.windowLength
    let common = Common(
      task: task, settings: settings, theta: theta,
      keys: Block.windowKeys(from: key, length: length, settings: settings), length: length)
    try run { entry, workspace in
      entry.sum.clear()
      entry.directions.clear()
      let window = common.window(of: entry)
      try entry.block?.accumulate(
        window, into: &entry.sum, directions: &entry.directions, in: &workspace)
      if Block.summedParticles == Block.particleCount {
        entry.sum.multiply(by: entry.directions, thetaCount: theta.count)
      }
    }
    last = common
  }
}
