import Estimators
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// What tests compare of an estimate, bit by bit.
struct EstimateBits: Hashable {
  var gradient: [UInt32]
  var meanLoss: UInt32
  var steps: Int

  init(_ estimate: GradientEstimate, steps: Int) {
    gradient = estimate.gradient.map(\.bitPattern)
    meanLoss = estimate.meanLoss.bitPattern
    self.steps = steps
  }
}

/// A task with the θ and keys to run an estimator on it.
struct Run<Task: UnrolledTask> {
  var task: Task
  var settings: EstimatorSettings
  /// θ of each window; the first also starts the estimator.
  var thetas: [[Float]]
  var seed: UInt64 = 5

  var keys: [PRNGKey] { PRNGKey(seed: seed).split(thetas.count + 1) }

  func make(
    _ estimator: any EstimatorAlgorithm.Type, threadCount: Int = 1
  ) throws -> any GradientEstimator {
    try estimator.make(
      task, settings: settings, theta: thetas[0], key: keys[thetas.count],
      pool: WorkerPool(threadCount: threadCount))
  }

  /// Runs windows `windows` of all.
  func estimate(
    _ estimator: any GradientEstimator, windows: Range<Int>
  ) throws -> [GradientEstimate] {
    try windows.map { try estimator.estimate(theta: thetas[$0], key: keys[$0]) }
  }

  func bits(
    _ estimator: any GradientEstimator, windows: Range<Int>
  ) throws -> [EstimateBits] {
    try windows.map {
      let estimate = try estimator.estimate(theta: thetas[$0], key: keys[$0])
      return EstimateBits(estimate, steps: estimator.environmentSteps)
    }
  }
}

extension Run {
  /// The same numbers on one thread and on several.
  func compareThreads(_ name: String, _ threadCount: Int) throws {
    let estimator = try EstimatorCatalogue.named(name)
    let one = try bits(make(estimator), windows: 0..<6)
    #expect(try bits(make(estimator, threadCount: threadCount), windows: 0..<6) == one)
    #expect(Set(one).count == 6)
  }

  /// The same numbers with a save after some windows. The estimator that takes up the state was
  /// started with other keys and another θ.
  func compareSaved(_ name: String, after windows: Int) throws {
    let estimator = try EstimatorCatalogue.named(name)
    let straight = try make(estimator)
    _ = try estimate(straight, windows: 0..<windows)
    let data = try straight.snapshot()
    let expected = try bits(straight, windows: windows..<6)

    var other = self
    other.seed += 1
    other.thetas[0] = other.thetas[0].map { $0 + 0.1 }
    let restored = try other.make(estimator, threadCount: 2)
    _ = try estimate(restored, windows: 0..<1)
    try restored.restore(from: data)
    #expect(try bits(restored, windows: windows..<6) == expected)
  }
}

extension Run<LinearSystemTask> {
  /// A noisy linear control problem, whose θ with a time axis suits every estimator.
  static var control: Run {
    var task = LinearSystemTask(
      horizon: 8, decay: 0.9, gain: 0.5, initialState: [0.3, -1],
      loss: .quadratic(target: [1, 0]))
    task.noise = 0.4
    task.hasParametersPerStep = true
    return Run(
      task: task,
      settings: EstimatorSettings(
        particleCount: 9, windowLength: 3, noisePeriod: 3, sigma: 0.3),
      thetas: (0..<6).map { window in (0..<16).map { 0.1 * Float($0) - 0.2 * Float(window) } })
  }

  /// A linear system without randomness, whose episodes all begin at step 0.
  static func inStep(
    horizon: Int = 8, windowLength: Int = 2, noisePeriod: Int, loss: LinearSystemTask.Loss? = nil,
    initialState: [Double] = [0.3, -1, 2], windows: Int = 4
  ) -> Run {
    let task = LinearSystemTask(
      horizon: horizon, decay: 0.9, gain: 0.5, initialState: initialState,
      loss: loss ?? .quadratic(target: [1, 0, -1]))
    return Run(
      task: task,
      settings: EstimatorSettings(
        particleCount: 4, windowLength: windowLength, noisePeriod: noisePeriod, sigma: 0.25,
        startsAtRandomSteps: false, burnInLength: 0),
      thetas: (0..<windows).map { [0.1 * Float($0), -0.3, 0.7] })
  }
}

extension Run<Lorenz> {
  static var lorenz: Run {
    Run(
      task: Lorenz(horizon: 20),
      settings: EstimatorSettings(
        particleCount: 9, windowLength: 6, noisePeriod: 4, sigma: 0.04),
      thetas: (0..<6).map { [3.116, 3.7 - 0.1 * Float($0)] })
  }
}
