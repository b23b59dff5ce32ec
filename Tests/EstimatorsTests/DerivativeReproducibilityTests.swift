import Estimators
import Randomness
import Snapshots
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// The same numbers to the last bit on however many threads and across a save, of the estimators that
/// differentiate.
struct DerivativeReproducibilityTests {
  static let names = EstimatorCatalogue.differentiating.map { $0.id }

  /// Two blocks, of which one is not full; windows that do not divide the horizon.
  static var run: Run<Lorenz> {
    Run(
      task: Lorenz(horizon: 20),
      settings: EstimatorSettings(particleCount: 21, windowLength: 6, noisePeriod: 4, sigma: 0),
      thetas: (0..<6).map { [3.116, 3.7 - 0.1 * Float($0)] })
  }

  @Test(arguments: names, [2, 3])
  func threadsChangeNothing(_ name: String, _ threadCount: Int) throws {
    try Self.run.compareThreads(name, threadCount)
  }

  @Test(arguments: names, [0, 3])
  func aSaveIsNoticedNowhere(_ name: String, _ windows: Int) throws {
    try Self.run.compareSaved(name, after: windows)
  }

  /// A trajectory that has left the finite numbers can be saved like any other, harms nothing and is
  /// forgotten with its episode.
  @Test(arguments: names)
  func notANumberLastsAnEpisode(_ name: String) throws {
    let run = Self.run
    let estimator = try EstimatorCatalogue.named(name)
    let straight = try run.make(estimator)
    let key = PRNGKey(seed: 1)
    let lost = try straight.estimate(theta: [.nan, 3.7], key: key)
    #expect(lost.meanLoss.isNaN && lost.gradient[0].isNaN)
    let restored = try run.make(estimator)
    try restored.restore(from: straight.snapshot())
    let next = try [straight, restored].map { try $0.estimate(theta: run.thetas[0], key: key) }
    #expect(next[0].meanLoss.isNaN == estimator.isStepUnlocked)
    #expect(next[0].meanLoss.bitPattern == next[1].meanLoss.bitPattern)
    let later = try run.estimate(straight, windows: 0..<6)[5]
    #expect(later.meanLoss.isFinite && later.gradient.allSatisfy { $0.isFinite })
  }

  @Test(arguments: names)
  func aStateOfOtherParticlesIsRefused(_ name: String) throws {
    var run = Self.run
    let estimator = try EstimatorCatalogue.named(name)
    let data = try run.make(estimator).snapshot()
    run.settings.particleCount = 18
    let smaller = try run.make(estimator)
    let before = try run.make(estimator)
    #expect(throws: EstimatorError.particleCount(found: 21, expected: 18)) {
      try smaller.restore(from: data)
    }
    #expect(throws: DecodingError.self) { try smaller.restore(from: Snapshot(of: [1, 2, 3])) }
    #expect(try run.bits(smaller, windows: 0..<2) == run.bits(before, windows: 0..<2))
  }

  @Test(arguments: names)
  func aTaskThatCannotBeDifferentiatedIsRefused(_ name: String) throws {
    let run = Run<LinearSystemTask>.control
    let error = EstimatorError.needsDerivatives(estimator: name, task: "LinearSystemTask")
    #expect(throws: error) { try run.make(EstimatorCatalogue.named(name)) }
    #expect(
      error.description == "\(name) differentiates, and LinearSystemTask cannot be differentiated: "
        + "choose an ES estimator")
  }
}
