public import Foundation
import Parameters
public import Randomness
import Unrolls
public import Workers

/// Runs N particles in blocks, a whole window each in one parallel section, and averages what they
/// give.
public final class ParticleEstimator<Worker: GradientWorker>: GradientEstimator {
  private let task: Worker.Task
  private let settings: EstimatorSettings
  private let pool: WorkerPool
  private var lanes: [Lane<Worker.Task>]
  private var blocks: [Block]
  public private(set) var environmentSteps = 0

  private struct Block {
    let particles: Range<Int>
    /// Of the states of both sides.
    let sides: [Int]
    var worker: Worker
    var sum: WindowSum
  }

  /// Starts the particles; `isStepUnlocked` ones run their burn-in.
  public init(
    _ task: Worker.Task, settings: EstimatorSettings, isStepUnlocked: Bool, theta: [Float],
    key: PRNGKey, pool: WorkerPool
  ) throws {
    self.task = task
    self.settings = settings
    self.pool = pool
    lanes = try (0..<pool.laneCount).map { _ in Lane(scratch: try task.makeScratch()) }
    let burnIn = isStepUnlocked ? settings.burnInLength ?? task.horizon : 0
    let keys = Worker.startKeys(from: key, burnIn: burnIn)
    let stride = Worker.Task.blockSize
    let count = settings.particleCount
    let ranges = Swift.stride(from: 0, to: count, by: stride / 2)
      .map { $0..<min($0 + stride / 2, count) }
    var started = [Worker?](repeating: nil, count: ranges.count)
    try pool.update(&started, lanes: &lanes) { index, worker, lane in
      let window = Window(
        task: task, settings: settings, theta: theta, keys: keys, particles: ranges[index],
        sides: Array(ranges[index]) + ranges[index])
      var fresh = try Worker(window, lane: &lane)
      if burnIn > 0 { try fresh.burnIn(window, lane: &lane) }
      worker = fresh
    }
    blocks = zip(ranges, started).compactMap { particles, worker in
      worker.map {
        Block(
          particles: particles, sides: Array(particles) + particles, worker: $0,
          sum: WindowSum(particleCount: particles.count))
      }
    }
    if burnIn > 0 {
      environmentSteps = workers.reduce(0) { $0 + $1.carriedSteps(of: task) }
    }
  }

  /// The workers, in the order of their particles.
  public var workers: [Worker] { blocks.map(\.worker) }

  public func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
    let length = Worker.windowLength(of: settings, horizon: task.horizon)
    let keys = Worker.windowKeys(from: key, length: length, settings: settings)
    try pool.update(&blocks, lanes: &lanes) { [task, settings] _, block, lane in
      let window = Window(
        task: task, settings: settings, theta: theta, keys: keys, particles: block.particles,
        sides: block.sides)
      block.sum.clear()
      try block.worker.accumulate(window, into: &block.sum, lane: &lane)
    }
    return average(steps: length)
  }

  private func average(steps: Int) -> GradientEstimate {
    let sums = blocks.map(\.sum)
    environmentSteps += sums.reduce(0) { $0 + $1.environmentSteps }
    var losses: [Double] = []
    losses.reserveCapacity(2 * settings.particleCount)
    for sum in sums { sum.appendLosses(to: &losses) }
    let deviation = settings.normalizesLoss ? Float(deviation(of: losses, steps: steps)) : nil
    var gradient = sums.gradient(count: task.layout.count)
    for index in gradient.indices {
      if let deviation {
        gradient[index] = gradient[index] * Float(settings.sigma) / deviation
      }
      gradient[index] = Worker.average(gradient[index], settings: settings, length: steps)
    }
    let loss = losses.reduce(0, +)
    return GradientEstimate(
      gradient: gradient, meanLoss: Float(loss / Double(losses.count * steps)),
      lossDeviation: deviation)
  }

  /// Population standard deviation of the 2N window-averaged losses, of sums of losses.
  private func deviation(of sums: [Double], steps: Int) -> Double {
    let losses = sums.map { $0 / Double(steps) }
    let mean = losses.reduce(0, +) / Double(losses.count)
    let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(losses.count)).squareRoot()
  }

  private struct State: Codable {
    var particleCount: Int
    var parameterCount: Int
    var environmentSteps: Int
    var workers: [Worker]
  }

  public func encodedState() throws -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return try encoder.encode(
      State(
        particleCount: settings.particleCount, parameterCount: task.layout.count,
        environmentSteps: environmentSteps, workers: workers))
  }

  public func restore(from data: Data) throws {
    let state = try PropertyListDecoder().decode(State.self, from: data)
    guard state.particleCount == settings.particleCount else {
      throw EstimatorError.particleCount(
        found: state.particleCount, expected: settings.particleCount)
    }
    guard state.parameterCount == task.layout.count else {
      throw EstimatorError.parameterCount(
        found: state.parameterCount, expected: task.layout.count)
    }
    guard state.workers.count == blocks.count else {
      throw EstimatorError.blockCount(found: state.workers.count, expected: blocks.count)
    }
    environmentSteps = state.environmentSteps
    for (index, worker) in state.workers.enumerated() { blocks[index].worker = worker }
  }
}
