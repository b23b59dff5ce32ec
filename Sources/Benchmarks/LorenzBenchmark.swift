import Estimators
import Parameters
import Randomness
import Tasks
import Unrolls
import Workers

/// Time of estimates and evaluations of the Lorenz system beside bare steps of as many states.
public struct LorenzBenchmark {
  /// What is measured.
  public struct Case: Codable, Hashable, Sendable {
    /// The estimator's name; `evaluation` for an evaluation.
    public var name: String
    /// N
    public var particleCount: Int
    /// W; T for what takes whole episodes.
    public var windowLength: Int
    /// K
    public var noisePeriod: Int
    public var threads: Int
    /// Bare steps that it needs for each particle and step of the window: 2 for both sides.
    public var stepsPerParticle: Int
  }

  /// Medians over the windows.
  public struct Result: Codable, Hashable, Sendable {
    public var measured: Case
    /// Seconds of the bare steps.
    public var floor: Double
    /// Seconds of the estimate.
    public var seconds: Double
    /// Median over the windows of the estimate's time over the floor's.
    public var ratio: Double
    public var windows: Int
  }

  /// T
  static let horizon = 2000

  /// The paper's experiments on Lorenz, and an evaluation.
  public static func cases(threads: Int) -> [Case] {
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

  public init(_ measured: Case) {
    self.measured = measured
    system = Lorenz(horizon: Self.horizon)
  }

  /// Measures `windows` windows; within each the bare steps and the estimate take turns.
  public func run(windows: Int) throws -> Result {
    let pool = WorkerPool(laneCount: measured.threads)
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

/// Steps of states side by side and nothing else, on the same threads.
private final class BareSteps {
  private let system: Lorenz
  private let theta: [Float]
  private let steps: Int
  private let pool: WorkerPool
  private var blocks: [[DynamicalState]]
  private var lanes: [(scratch: DynamicalScratch, losses: [Float])]

  init(_ system: Lorenz, theta: [Float], states: Int, steps: Int, pool: WorkerPool) {
    self.system = system
    self.theta = theta
    self.steps = steps
    self.pool = pool
    let start = DynamicalState(
      values: system.initialValues(key: PRNGKey(seed: 0)), step: 0)
    blocks = stride(from: 0, to: states, by: Lorenz.blockSize).map {
      Array(repeating: start, count: min(Lorenz.blockSize, states - $0))
    }
    lanes = (0..<pool.laneCount).map { _ in
      (system.makeScratch(), [Float](repeating: 0, count: steps * Lorenz.blockSize))
    }
  }

  func run() throws {
    try pool.update(&blocks, lanes: &lanes) { [system, theta, steps] _, block, lane in
      var states = block
      system.unroll(
        &states, thetas: Array(repeating: theta, count: states.count), steps: steps,
        keys: StepKeys(shared: [], particleCount: 1), particles: Array(states.indices),
        losses: &lane.losses, in: &lane.scratch)
    }
  }
}
