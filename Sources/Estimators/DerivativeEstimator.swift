public import Foundation
import Parameters
public import Randomness
import Unrolls
public import Workers

/// Runs N particles in blocks, a whole window each in one parallel section, and averages what the
/// blocks give.
public final class DerivativeEstimator<Block: DerivativeBlock>: GradientEstimator {
  private let task: Block.Task
  private let settings: EstimatorSettings
  private let pool: WorkerPool
  private var lanes: [DerivativeLane<Block.Task>]
  private var entries: [Entry]
  public private(set) var environmentSteps = 0

  private struct Entry {
    var block: Block
    var sum: DerivativeSum
  }

  /// Starts the particles and runs the burn-in, of one horizon unless the settings say otherwise.
  public init(
    _ task: Block.Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey,
    pool: WorkerPool
  ) throws {
    self.task = task
    self.settings = settings
    self.pool = pool
    lanes = try (0..<pool.laneCount).map { _ in DerivativeLane(scratch: try task.makeScratch()) }
    let burnIn = settings.burnInLength ?? task.horizon
    let window = Self.window(
      task, settings: settings, theta: theta, keys: Block.startKeys(from: key, burnIn: burnIn),
      length: burnIn)
    let size = Block.Task.blockSize
    let blockCount = (settings.particleCount + size - 1) / size
    var started = [Entry?](repeating: nil, count: blockCount)
    try pool.update(&started, lanes: &lanes) { index, entry, lane in
      let window = window(index)
      var block = try Block(window, lane: &lane)
      if burnIn > 0 { try block.burnIn(window, lane: &lane) }
      entry = Entry(
        block: block,
        sum: DerivativeSum(particleCount: window.particles.count, thetaCount: theta.count))
    }
    entries = started.compactMap { $0 }
    if burnIn > 0 {
      environmentSteps = blocks.reduce(0) { sum, block in
        block.states.reduce(sum) { $0 + task.stepIndex(of: $1) }
      }
    }
  }

  /// The blocks, in particle order.
  public var blocks: [Block] { entries.map(\.block) }

  public func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
    let length = settings.windowLength
    let window = Self.window(
      task, settings: settings, theta: theta, keys: Block.windowKeys(from: key, length: length),
      length: length)
    try pool.update(&entries, lanes: &lanes) { index, entry, lane in
      entry.sum.clear()
      try entry.block.accumulate(window(index), into: &entry.sum, lane: &lane)
    }
    environmentSteps += settings.particleCount * length
    return average(length: length)
  }

  /// The window as block `index` sees it.
  private static func window(
    _ task: Block.Task, settings: EstimatorSettings, theta: [Float], keys: DerivativeKeys,
    length: Int
  ) -> (_ index: Int) -> DerivativeWindow<Block.Task> {
    let unrolls = keys.unrolls(particleCount: settings.particleCount)
    return { index in
      let size = Block.Task.blockSize
      return DerivativeWindow(
        task: task, settings: settings, theta: theta, keys: keys, unrolls: unrolls,
        length: length,
        particles: Array(index * size..<min((index + 1) * size, settings.particleCount)))
    }
  }

  /// The mean over particles and steps; block after block, so the same for any number of threads.
  private func average(length: Int) -> GradientEstimate {
    let count = settings.particleCount * length
    var gradient = [Float](repeating: 0, count: task.layout.count)
    var loss = 0.0
    for entry in entries {
      for index in gradient.indices { gradient[index] += entry.sum.gradient[index] }
      loss = entry.sum.losses.reduce(loss, +)
    }
    for index in gradient.indices { gradient[index] /= Float(count) }
    return GradientEstimate(gradient: gradient, meanLoss: Float(loss / Double(count)))
  }

  private struct State: Codable {
    var parameterCount: Int
    var particleCount: Int
    var environmentSteps: Int
    var blocks: [Block]
  }

  public func encodedState() throws -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return try encoder.encode(
      State(
        parameterCount: task.layout.count, particleCount: settings.particleCount,
        environmentSteps: environmentSteps, blocks: blocks))
  }

  public func restore(from data: Data) throws {
    let state = try PropertyListDecoder().decode(State.self, from: data)
    guard state.particleCount == settings.particleCount else {
      throw EstimatorError.particleCount(
        found: state.particleCount, expected: settings.particleCount)
    }
    guard state.blocks.map(\.states.count) == blocks.map(\.states.count) else {
      throw EstimatorError.blockCount(found: state.blocks.count, expected: blocks.count)
    }
    guard state.parameterCount == task.layout.count else {
      throw EstimatorError.parameterCount(
        found: state.parameterCount, expected: task.layout.count)
    }
    environmentSteps = state.environmentSteps
    for (index, block) in state.blocks.enumerated() { entries[index].block = block }
  }
}
