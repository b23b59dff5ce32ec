import Estimators
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

/// Every estimator against its definition, on a noisy system: keys, resets inside a window, noise
/// periods that do not divide it, fewer particles than steps.
struct DefinitionTests {
  static let shapes: [EstimatorSettings] = [
    EstimatorSettings(particleCount: 5, windowLength: 2, noisePeriod: 2, sigma: 0.3),
    EstimatorSettings(particleCount: 4, windowLength: 3, noisePeriod: 3, sigma: 0.3),
    EstimatorSettings(particleCount: 3, windowLength: 5, noisePeriod: 7, sigma: 0.1),
    EstimatorSettings(particleCount: 2, windowLength: 10, noisePeriod: 3, sigma: 0.2),
    EstimatorSettings(particleCount: 1, windowLength: 1, noisePeriod: 100, sigma: 0.5),
    EstimatorSettings(
      particleCount: 3, windowLength: 4, noisePeriod: 4, sigma: 0.3, startsAtRandomSteps: false),
    EstimatorSettings(
      particleCount: 3, windowLength: 4, noisePeriod: 2, sigma: 0.3, burnInLength: 0),
    EstimatorSettings(
      particleCount: 6, windowLength: 4, noisePeriod: 2, sigma: 0.3, startsAtRandomSteps: false,
      burnInLength: 3),
  ]

  private static let task = {
    var task = LinearSystemTask(
      horizon: 8, decay: 0.9, gain: 0.5, initialState: [0.3, -1, 2],
      loss: .quadratic(target: [1, 0, -1]))
    task.noise = 0.4
    return task
  }()
  private static let thetas: [[Float]] = (0..<6).map { [0.1 * Float($0), -0.3, 0.7] }
  private static let start = PRNGKey(seed: 11)
  private static let keys = PRNGKey(seed: 12).split(6)

  private func estimates(
    _ estimator: any EstimatorAlgorithm.Type, _ settings: EstimatorSettings
  ) throws -> (windows: [GradientEstimate], steps: [Int]) {
    let made = try estimator.make(
      Self.task, settings: settings, theta: Self.thetas[0], key: Self.start,
      pool: WorkerPool(threadCount: 2))
    var steps = [made.environmentSteps]
    let windows = try zip(Self.keys, Self.thetas).map { key, theta in
      defer { steps.append(made.environmentSteps) }
      return try made.estimate(theta: theta, key: key)
    }
    return (windows, steps)
  }

  /// The expected numbers are sums in float64; the found ones, in float32, are off by some last bits.
  ///
  /// - Parameter means: Where the difference of two means of positive losses is taken, each rounded
  ///   in each of `length` sums: no ε here is beyond 5σ, which bounds what that adds by
  ///   5 (length + 2) 2⁻²⁴ · mean loss / σ, times σ / deviation where losses are normalized.
  private func compare(
    _ found: [GradientEstimate], _ expected: [GradientEstimate],
    means: (length: Int, sigma: Double)? = nil
  ) {
    for (window, (found, expected)) in zip(found, expected).enumerated() {
      let scale = expected.gradient.map { abs($0) }.max() ?? 0
      var bound = 4 * scale.ulp
      if let means {
        let weight = expected.lossDeviation.map { 1 / $0 } ?? Float(1 / means.sigma)
        bound += 5 * Float(means.length + 2) * 0x1p-24 * expected.meanLoss * weight
      }
      for (found, expected) in zip(found.gradient, expected.gradient) {
        #expect(abs(found - expected) <= bound, "window \(window)")
      }
      #expect(abs(found.meanLoss - expected.meanLoss) <= 2 * expected.meanLoss.ulp)
      #expect((found.lossDeviation == nil) == (expected.lossDeviation == nil))
      if let found = found.lossDeviation, let expected = expected.lossDeviation {
        #expect(abs(found - expected) <= 2 * expected.ulp)
      }
    }
    #expect(found.count == expected.count)
  }

  /// Both ways of the option, where there are two losses or more that differ.
  @Test(arguments: shapes, [false, true])
  func persistent(_ settings: EstimatorSettings, _ normalizesLoss: Bool) throws {
    var settings = settings
    settings.normalizesLoss = normalizesLoss
    let plain = PlainEstimators(task: Self.task, settings: settings)
    let found = try estimates(TruncatedPESK.self, settings)
    compare(
      found.windows, plain.persistent(start: Self.start, keys: Self.keys, thetas: Self.thetas))
    compare(
      try estimates(FullPESK.self, settings).windows,
      plain.fullPersistent(keys: Self.keys, thetas: Self.thetas))
  }

  /// Sums too large to be made in one piece: of many parameters, and of many steps.
  @Test(arguments: [(parameters: 200, steps: 50), (parameters: 30, steps: 300)])
  func manyParametersAndSteps(parameters: Int, steps: Int) throws {
    let task = LinearSystemTask(
      horizon: steps, decay: 0.9, gain: 0.5,
      initialState: (0..<parameters).map { Double($0) / Double(parameters) },
      loss: .quadratic(target: [Double](repeating: 1, count: parameters)))
    let settings = EstimatorSettings(
      particleCount: 3, windowLength: steps, noisePeriod: 7, sigma: 0.3, burnInLength: 5)
    let theta = (0..<parameters).map { 0.01 * Float($0 % 10) }
    let found = try TruncatedPESK.make(
      task, settings: settings, theta: theta, key: Self.start, pool: WorkerPool(threadCount: 2)
    ).estimate(theta: theta, key: Self.keys[0])
    let expected = PlainEstimators(task: task, settings: settings)
      .persistent(start: Self.start, keys: [Self.keys[0]], thetas: [theta])
    // Some 300 roundings by 2⁻²⁴, of either sign, of sums not much smaller than their terms.
    #expect(relativeDistance(found.gradient, expected[0].gradient) < 1e-5)
  }

  @Test(arguments: shapes)
  func noiseReuse(_ settings: EstimatorSettings) throws {
    let plain = PlainEstimators(task: Self.task, settings: settings)
      .noiseReuse(start: Self.start, keys: Self.keys, thetas: Self.thetas)
    compare(try estimates(TruncatedNRES.self, settings).windows, plain)
    compare(try estimates(TruncatedNRESHistory.self, settings).windows, plain)
  }

  @Test(arguments: shapes)
  func truncated(_ settings: EstimatorSettings) throws {
    let plain = PlainEstimators(task: Self.task, settings: settings)
    compare(
      try estimates(TruncatedESBiased.self, settings).windows,
      plain.truncated(start: Self.start, keys: Self.keys, thetas: Self.thetas))
  }

  @Test(arguments: shapes, [false, true])
  func freshEpisodes(_ settings: EstimatorSettings, _ normalizesLoss: Bool) throws {
    var settings = settings
    settings.normalizesLoss = normalizesLoss
    let plain = PlainEstimators(task: Self.task, settings: settings)
    compare(
      try estimates(FullES.self, settings).windows,
      plain.fresh(length: Self.task.horizon, keys: Self.keys, thetas: Self.thetas),
      means: (Self.task.horizon, settings.sigma))
    compare(
      try estimates(ShortHorizonES.self, settings).windows,
      plain.fresh(length: settings.windowLength, keys: Self.keys, thetas: Self.thetas),
      means: (settings.windowLength, settings.sigma))
  }

  /// 2NW a window, 3NW for TES, 2NT for whole episodes; the burn-in counts where it left off.
  @Test(arguments: shapes)
  func environmentSteps(_ settings: EstimatorSettings) throws {
    let particles = settings.particleCount
    let window = particles * settings.windowLength
    let episode = particles * Self.task.horizon
    for (estimator, each) in [
      (TruncatedPESK.self, 2 * window), (TruncatedNRES.self, 2 * window),
      (TruncatedNRESHistory.self, 2 * window), (TruncatedESBiased.self, 3 * window),
      (FullES.self, 2 * episode), (FullPESK.self, 2 * episode),
      (ShortHorizonES.self, 2 * window),
    ] as [(any EstimatorAlgorithm.Type, Int)] {
      let steps = try estimates(estimator, settings).steps
      let burnIn = burnInSteps(estimator, settings)
      #expect(steps == (0...Self.keys.count).map { burnIn + $0 * each }, "\(estimator.id)")
    }
  }

  private func burnInSteps(_ estimator: any EstimatorAlgorithm.Type, _ settings: EstimatorSettings)
    -> Int
  {
    let plain = PlainEstimators(task: Self.task, settings: settings)
    guard estimator.isStepUnlocked, plain.burnIn > 0 else { return 0 }
    let sides = estimator.id == TruncatedESBiased.id ? 1 : 2
    let starts = plain.start(
      Self.start.split(sides + 1)[0], at: plain.unlockedStart)
    return starts.reduce(0) { $0 + sides * (($1.step + plain.burnIn) % Self.task.horizon) }
  }
}
