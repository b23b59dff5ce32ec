public import Foundation
import Parameters
public import Randomness
import Unrolls
public import Workers

/// Runs N workers, a whole window each in one parallel section, and averages what they give.
public final class ParticleEstimator<Worker: GradientWorker>: GradientEstimator {
  private let task: Worker.Task
  private let settings: EstimatorSettings
  private let pool: WorkerPool
  private var lanes: [Lane<Worker.Task>]
  private var particles: [Particle]
  public private(set) var environmentSteps = 0

  private struct Particle {
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
    lanes = try (0..<pool.laneCount).map { _ in
      Lane(
        scratch: try task.makeScratch(),
        perturbed: AntitheticParameters(count: task.layout.count))
    }
    let burnIn = isStepUnlocked ? settings.burnInLength ?? task.horizon : 0
    let keys = Worker.startKeys(from: key, burnIn: burnIn)
    var started = [Worker?](repeating: nil, count: settings.particleCount)
    try pool.update(&started, lanes: &lanes) { index, worker, lane in
      let window = Window(
        task: task, settings: settings, theta: theta, keys: keys, particle: index)
      var fresh = try Worker(window, lane: &lane)
      if burnIn > 0 { try fresh.burnIn(window, lane: &lane) }
      worker = fresh
    }
    particles = started.compactMap { $0.map { Particle(worker: $0, sum: WindowSum()) } }
    if burnIn > 0 {
      environmentSteps = particles.reduce(0) { $0 + $1.worker.carriedSteps(of: task) }
    }
  }

  /// The workers, in particle order.
  public var workers: [Worker] { particles.map(\.worker) }

  public func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
    let length = Worker.windowLength(of: settings, horizon: task.horizon)
    let keys = Worker.windowKeys(from: key, length: length, settings: settings)
    try pool.update(&particles, lanes: &lanes) { [task, settings] index, particle, lane in
      let window = Window(
        task: task, settings: settings, theta: theta, keys: keys, particle: index)
      particle.sum.clear()
      try particle.worker.accumulate(window, into: &particle.sum, lane: &lane)
    }
    return average(steps: length)
  }

  private func average(steps: Int) -> GradientEstimate {
    environmentSteps += particles.reduce(0) { $0 + $1.sum.environmentSteps }
    let loss = particles.reduce(0) { $0 + $1.sum.positiveLoss + $1.sum.negativeLoss }
    let deviation = settings.normalizesLoss ? Float(lossDeviation(steps: steps)) : nil
    var gradient = particles.map(\.sum).gradient(count: task.layout.count)
    for index in gradient.indices {
      if let deviation {
        gradient[index] = gradient[index] * Float(settings.sigma) / deviation
      }
      gradient[index] = Worker.average(gradient[index], settings: settings, length: steps)
    }
    return GradientEstimate(
      gradient: gradient, meanLoss: Float(loss / Double(2 * particles.count * steps)),
      lossDeviation: deviation)
  }

  /// Population standard deviation of the 2N window-averaged losses.
  private func lossDeviation(steps: Int) -> Double {
    let losses = particles.flatMap {
      [$0.sum.positiveLoss / Double(steps), $0.sum.negativeLoss / Double(steps)]
    }
    let mean = losses.reduce(0, +) / Double(losses.count)
    let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(losses.count)).squareRoot()
  }

  private struct State: Codable {
    var parameterCount: Int
    var environmentSteps: Int
    var workers: [Worker]
  }

  public func encodedState() throws -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return try encoder.encode(
      State(
        parameterCount: task.layout.count, environmentSteps: environmentSteps, workers: workers))
  }

  public func restore(from data: Data) throws {
    let state = try PropertyListDecoder().decode(State.self, from: data)
    guard state.workers.count == particles.count else {
      throw EstimatorError.particleCount(found: state.workers.count, expected: particles.count)
    }
    guard state.parameterCount == task.layout.count else {
      throw EstimatorError.parameterCount(
        found: state.parameterCount, expected: task.layout.count)
    }
    environmentSteps = state.environmentSteps
    for (index, worker) in state.workers.enumerated() { particles[index].worker = worker }
  }
}

extension [WindowSum] {
  /// Σ over contributions of Σ over particles, in float32 and in this order.
  ///
  /// The order is the reference's, which steps all particles side by side, so that sums have its
  /// rounding; and it is one order, so that they are the same for any number of threads.
  fileprivate func gradient(count: Int) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    var sum = gradient
    for step in 0..<(first?.contributions.count ?? 0) {
      for index in sum.indices { sum[index] = 0 }
      for particle in self {
        let contribution = particle.contributions[step]
        let multiplier = contribution.multiplier
        contribution.direction.withUnsafeBufferPointer { direction in
          sum.withUnsafeMutableBufferPointer { sum in
            for index in 0..<count { sum[index] += direction[index] * multiplier }
          }
        }
      }
      for index in gradient.indices { gradient[index] += sum[index] }
    }
    return gradient
  }
}
