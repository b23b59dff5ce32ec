import Parameters
public import Randomness
import Unrolls
import Workers

/// Runs particles in blocks, a whole window each in one parallel section, and makes an estimate of
/// what the blocks give.
///
/// Computing and adding up are apart: ``sums(theta:key:)`` runs a range of the particles, of which
/// there may be others elsewhere, and ``estimate(from:)`` takes the sums of all of them.
public final class BlockRuntime<Block: EstimatorBlock>: GradientEstimator {
  let task: Block.Task
  let settings: EstimatorSettings
  private let pool: WorkerPool
  private var workspaces: [Workspace<Block.Task>]
  private var entries: [Entry]
  /// The particles that are run here.
  public let particles: Range<Int>
  /// Where the trajectories of each block began, before the burn-in; nothing where every window begins
  /// with fresh episodes.
  public var startClocks: [[Int]] { entries.filter { $0.block != nil }.map(\.startClocks) }
  private let start: Frame
  public private(set) var environmentSteps = 0
  public private(set) var simulatedSteps = 0

  private struct Entry {
    let particles: Range<Int>
    /// Of the states of both sides.
    let sides: [Int]
    /// Nil where the particles are run elsewhere.
    var block: Block?
    /// Where they are: what follows from keys.
    var follower: NoiseFollower<Block.Noise>?
    var sum: Block.Sum
    var directions: Directions
    var startClocks: [Int] = []
    var burnInSteps = 0

    init(_ particles: Range<Int>, thetaCount: Int) {
      self.particles = particles
      sides = Array(particles) + particles
      sum = Block.Sum(particleCount: particles.count, thetaCount: thetaCount)
      directions = Directions(particleCount: particles.count)
    }
  }

  /// Starts the particles; those that carry episodes run their burn-in, of one horizon unless the
  /// settings say otherwise.
  ///
  /// - Parameter particles: Those to run here, whole blocks; nil for all.
  public init(_ setup: EstimatorSetup<Block.Task>, particles: Range<Int>? = nil) throws {
    (task, settings) = (setup.task, setup.settings)
    let all = 0..<settings.particleCount
    self.particles = particles ?? all
    precondition(
      self.particles == self.particles.clamped(to: all)
        && self.particles.lowerBound.isMultiple(of: Block.particleCount)
        && (self.particles.upperBound.isMultiple(of: Block.particleCount)
          || self.particles.upperBound == all.upperBound),
      "whole blocks of the estimator's particles")
    let size = Block.particleCount
    entries = stride(from: 0, to: all.upperBound, by: size).map {
      Entry($0..<min($0 + size, all.upperBound), thetaCount: setup.theta.count)
    }
    // Threads that have no block of their own help with others'.
    let blockCount = (self.particles.count + size - 1) / size
    let threads = setup.pool.threadCount
    pool = WorkerPool(threadCount: max(1, min(threads, blockCount)))
    workspaces = try (0..<pool.threadCount).map { [task] _ in
      try Workspace(for: task, threads: min(2, max(1, threads / max(1, blockCount))))
    }
    let burnIn = Block.carriesEpisodes ? settings.burnInLength ?? task.horizon : 0
    start = Frame(
      task: task, settings: settings, theta: setup.theta,
      keys: Block.startKeys(from: setup.key, burnIn: burnIn), length: burnIn)
    try run { [task, start] entry, workspace in
      let window = start.window(entry.particles, sides: entry.sides)
      var block = try Block(window, in: &workspace)
      entry.startClocks = Array(block.clocks(of: task).prefix(entry.particles.count))
      if burnIn > 0 {
        try block.burnIn(window, simulatedSteps: &entry.burnInSteps, in: &workspace)
      }
      entry.block = block
    }
    if burnIn > 0 {
      environmentSteps = blocks.reduce(0) { $0 + $1.clocks(of: task).reduce(0, +) }
      simulatedSteps = entries.reduce(0) { $0 + $1.burnInSteps }
    }
  }

  /// The blocks that are run here, in the order of their particles.
  public var blocks: [Block] { entries.compactMap(\.block) }

  /// Follows the noises of the particles that are run elsewhere, from keys, so that the reduction has
  /// them. To be called before the first window.
  ///
  /// - Parameter startClocks: Those of all blocks.
  public func follow(startClocks: [[Int]]) {
    precondition(startClocks.count == entries.count, "the clocks of all blocks")
    for index in entries.indices where entries[index].block == nil {
      let window = start.window(entries[index].particles, sides: entries[index].sides)
      var follower = NoiseFollower<Block.Noise>(window, clocks: startClocks[index])
      follower.follow(window, into: &entries[index].directions)
      entries[index].follower = follower
    }
  }

  /// Takes up blocks that were saved.
  func take(_ blocks: [Block], environmentSteps: Int, simulated: Int) {
    (self.environmentSteps, simulatedSteps) = (environmentSteps, simulated)
    let own = entries.indices.filter { entries[$0].block != nil }
    for (index, block) in zip(own, blocks) { entries[index].block = block }
  }

  /// Calls `body` for the entries of ``particles``, side by side.
  private func run(
    _ body: (_ entry: inout Entry, _ workspace: inout Workspace<Block.Task>) throws -> Void
  ) throws {
    let size = Block.particleCount
    let own = particles.lowerBound / size..<(particles.upperBound + size - 1) / size
    guard own != entries.indices else {
      return try pool.update(&entries, scratches: &workspaces) { try body(&$1, &$2) }
    }
    var chosen = Array(entries[own])
    defer { entries.replaceSubrange(own, with: chosen) }
    try pool.update(&chosen, scratches: &workspaces) { try body(&$1, &$2) }
  }

  /// What windows of all blocks have in common.
  private struct Frame {
    var task: Block.Task
    var settings: EstimatorSettings
    var theta: [Float]
    var keys: WindowKeys
    var unrolls: StepKeys
    var length: Int

    init(
      task: Block.Task, settings: EstimatorSettings, theta: [Float], keys: WindowKeys, length: Int
    ) {
      (self.task, self.settings, self.theta) = (task, settings, theta)
      (self.keys, self.length) = (keys, length)
      unrolls = StepKeys(
        shared: Deferred { keys.unrolls }, particleCount: settings.particleCount)
    }

    func window(_ particles: Range<Int>, sides: [Int]) -> Window<Block.Task> {
      Window(
        task: task, settings: settings, theta: theta, keys: keys, unrolls: unrolls,
        length: length,
        noiseDeviation: Float(Block.noiseDeviation ?? settings.sigma), particles: particles,
        sides: sides)
    }
  }

  public func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
    try compute(theta: theta, key: key)
    return estimate(from: entries.map(\.sum))
  }

  /// Runs one window of the particles that are here.
  ///
  /// - Returns: The blocks' sums, in the order of their particles. With those of all others they are
  ///   what ``estimate(from:)`` takes.
  public func sums(theta: [Float], key: PRNGKey) throws -> [Block.Sum] {
    try compute(theta: theta, key: key)
    return entries.filter { $0.block != nil }.map(\.sum)
  }

  private func compute(theta: [Float], key: PRNGKey) throws {
    let length = settings.windowLength
    let frame = Frame(
      task: task, settings: settings, theta: theta,
      keys: Block.windowKeys(from: key, length: length, settings: settings), length: length)
    try run { entry, workspace in
      entry.sum.clear()
      entry.directions.clear()
      // Out of the entry, whose other parts it writes.
      guard var block = entry.block.take() else { return }
      defer { entry.block = block }
      try block.accumulate(
        frame.window(entry.particles, sides: entry.sides), into: &entry.sum,
        directions: &entry.directions, in: &workspace)
    }
    for index in entries.indices where entries[index].block == nil {
      let window = frame.window(entries[index].particles, sides: entries[index].sides)
      entries[index].directions.clear()
      if Block.carriesEpisodes {
        // Out of the entry, whose other parts it writes.
        var follower = entries[index].follower.take()
        follower?.follow(window, into: &entries[index].directions)
        entries[index].follower = follower
      } else {
        let clocks = entries[index].particles.map { _ in 0 }
        var follower = NoiseFollower<Block.Noise>(window, clocks: clocks)
        follower.follow(window, into: &entries[index].directions)
      }
    }
  }

  /// Adds up what the window that was run last gave, in one order: the same for any number of threads
  /// and any share of the particles that is run here.
  ///
  /// - Parameter sums: The sums of all blocks, in the order of their particles.
  public func estimate(from sums: [Block.Sum]) -> GradientEstimate {
    precondition(sums.count == entries.count, "the sums of all blocks")
    let length = settings.windowLength
    var losses: [Double] = []
    losses.reserveCapacity(2 * settings.particleCount)
    for (sum, entry) in zip(sums, entries) {
      environmentSteps += sum.totals.environmentSteps
      simulatedSteps += sum.totals.simulatedSteps
      sum.totals.appendLosses(to: &losses, particleCount: entry.particles.count)
    }
    let deviation =
      settings.normalizesLoss ? Float(standardDeviation(of: losses, steps: length)) : nil
    var gradient = gradient(of: sums)
    for index in gradient.indices {
      if let deviation {
        gradient[index] = gradient[index] * Float(settings.sigma) / deviation
      }
      gradient[index] = Block.average(gradient[index], settings: settings, length: length)
    }
    let loss = losses.reduce(0, +)
    return GradientEstimate(
      gradient: gradient, meanLoss: Float(loss / Double(losses.count * length)),
      lossDeviation: deviation)
  }

  /// Group after group of the particles that are summed first.
  private func gradient(of sums: [Block.Sum]) -> [Float] {
    let directions = entries.map(\.directions)
    let blocks = Block.summedParticles.map { max(1, $0 / Block.particleCount) } ?? sums.count
    var gradient: [Float] = []
    for first in stride(from: 0, to: sums.count, by: blocks) {
      let group = first..<min(first + blocks, sums.count)
      let part = Block.Sum.gradient(
        of: sums[group], directions: directions[group], count: task.layout.count)
      if first == 0 {
        gradient = part
      } else {
        for index in gradient.indices { gradient[index] += part[index] }
      }
    }
    return gradient
  }

  /// Population standard deviation of the window-averaged losses, of sums of losses.
  private func standardDeviation(of sums: [Double], steps: Int) -> Double {
    let losses = sums.map { $0 / Double(steps) }
    let mean = losses.reduce(0, +) / Double(losses.count)
    let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(losses.count)).squareRoot()
  }
}
