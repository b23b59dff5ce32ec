import Differentiation
import Estimators
import Parameters
import Randomness
import Tasks
import Unrolls
import Workers

/// Time of estimates and evaluations of the Lorenz system beside bare steps of as many states.
package struct LorenzBenchmark {
  /// What is measured.
  package struct Case: Codable, Hashable, Sendable {
    /// The estimator's name; `evaluation` for an evaluation.
    package var name: String
    /// N
    package var particleCount: Int
    /// W; T for what takes whole episodes.
    package var windowLength: Int
    /// K
    package var noisePeriod: Int
    package var threads: Int
    /// Bare steps that it needs for each particle and step of the window: 2 for both sides.
    package var stepsPerParticle: Int
  }

  /// Medians over the windows.
  package struct Result: Codable, Hashable, Sendable {
    package var measured: Case
    /// Seconds of the bare steps.
    package var floor: Double
    /// Seconds of the estimate.
    package var seconds: Double
    /// Median over the windows of the estimate's time over the floor's.
    package var ratio: Double
    package var windows: Int
  }

  /// T
  static let horizon = Lorenz.paperHorizon

  /// The paper's experiments on Lorenz, and an evaluation.
  package static func cases(threads: Int) -> [Case] {
    func row(
      _ name: String, _ particles: Int, _ length: Int, period: Int = 1, steps: Int = 1
    ) -> Case {
      Case(
        name: name, particleCount: particles, windowLength: length, noisePeriod: period,
        threads: threads, stepsPerParticle: steps)
    }
    return [
      row("evaluation", 10_000, horizon),
      row(TruncatedPESK.id, 200, 100, period: horizon + 1, steps: 2),
      row(TruncatedPESK.id, 200, 100, period: 100, steps: 2),
      row(TruncatedESBiased.id, 200, 100, steps: 3),
      row(FullES.id, 10, horizon, steps: 2),
      row(FullGradient.id, 1, horizon),
      row(TruncatedBPTT.id, 200, 100),
      row(TruncatedForwardModeK.id, 200, 100, period: horizon),
      row(UORO.id, 200, 100),
    ]
  }

  private let measured: Case
  private let system: Lorenz

  package init(_ measured: Case) {
    self.measured = measured
    system = Lorenz(horizon: Self.horizon)
  }

  /// Measures `windows` windows; within each the bare steps and the estimate take turns.
  package func run(windows: Int) throws -> Result {
    let pool = WorkerPool(threadCount: measured.threads)
    let theta = system.initialParameters(key: PRNGKey(seed: 1))
    let work = try work(theta: theta, pool: pool)
    let floor = BareSteps(
      system, theta: theta, states: measured.particleCount * measured.stepsPerParticle,
      steps: measured.windowLength, pool: pool)
    var times: [(floor: Double, work: Double)] = []
    var keys = PRNGSequence(PRNGKey(seed: 23))
    for window in 0...windows {
      let key = keys.next()
      let bare = try seconds { try floor.run() }
      let taken = try seconds { try work(key) }
      // The first window warms caches up.
      if window > 0 { times.append((bare, taken)) }
    }
    return Result(
      measured: measured, floor: median(times.map(\.floor)), seconds: median(times.map(\.work)),
      ratio: median(times.map { $0.work / $0.floor }), windows: windows)
  }

  /// What is measured, to be given a window's key.
  private func work(theta: [Float], pool: WorkerPool) throws -> (PRNGKey) throws -> Void {
    if measured.name == "evaluation" {
      return { [system, measured] key in
        _ = try system.episodeLosses(
          theta: theta, key: key, particles: measured.particleCount, pool: pool)
      }
    }
    let settings = EstimatorSettings(
      particleCount: measured.particleCount, windowLength: measured.windowLength,
      noisePeriod: measured.noisePeriod, sigma: 0.04)
    let estimator = try EstimatorCatalogue.named(measured.name).make(
      system, settings: settings, theta: theta, key: PRNGKey(seed: 101), pool: pool)
    return { key in _ = try estimator.estimate(theta: theta, key: key) }
  }
}

/// Steps of states by the fastest kernel and nothing else, on the same threads.
private final class BareSteps {
  private typealias Block = SIMD16<Float>

  /// States that one thread takes at a time.
  private struct Group {
    var values: [Block]
    var sums: [Block]
  }

  private let system: Lorenz
  private let steps: Int
  private let pool: WorkerPool
  private let start: [Block]
  private let coefficients: [Block]
  private var groups: [Group]
  private var scratches: [Void]

  init(_ system: Lorenz, theta: [Float], states: Int, steps: Int, pool: WorkerPool) {
    self.system = system
    self.steps = steps
    self.pool = pool
    let groupBlocks = 4
    let blocks = (states + Block.laneCount - 1) / Block.laneCount
    let one = Self.coefficients(of: system, theta: theta)
    coefficients = (0..<groupBlocks).flatMap { _ in one }
    start = system.initialValues(key: PRNGKey(seed: 0)).map { Block($0) }
    groups = stride(from: 0, to: blocks, by: groupBlocks).map { first in
      Group(
        values: [], sums: Array(repeating: Block(0), count: min(groupBlocks, blocks - first)))
    }
    scratches = Array(repeating: (), count: pool.threadCount)
  }

  private static func coefficients(of system: Lorenz, theta: [Float]) -> [Block] {
    let theta = theta.map { Block($0) }
    var coefficients = Array(repeating: Block(0), count: system.coefficientCount)
    var span = coefficients.mutableSpan
    system.prepare(theta.span, into: &span)
    return coefficients
  }

  func run() throws {
    try pool.update(&groups, scratches: &scratches) {
      [system, coefficients, start, steps] _, group, _ in
      group.values = group.sums.indices.flatMap { _ in start }
      system.addLosses(
        &group.values, coefficients: coefficients, steps: steps, to: &group.sums)
    }
  }
}
