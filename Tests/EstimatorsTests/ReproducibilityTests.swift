import Estimators
import Randomness
import Snapshots
import TestSupport
import Testing
import Unrolls
import Workers

/// The same numbers to the last bit, however often, on however many threads, across a save.
struct ReproducibilityTests {
  static let everywhere = EstimatorCatalogue.perturbing.map { $0.id }
  /// Those that take parameters without a time axis.
  static let onLorenz = everywhere.filter { $0 != FullESTrajectory.id }

  @Test(arguments: everywhere, [2, 7])
  func threadsChangeNothingInControl(_ name: String, _ threadCount: Int) throws {
    try Run.control.compareThreads(name, threadCount)
  }

  @Test(arguments: onLorenz, [2, 7])
  func threadsChangeNothingOnLorenz(_ name: String, _ threadCount: Int) throws {
    try Run.lorenz.compareThreads(name, threadCount)
  }

  @Test(arguments: everywhere, 0..<6)
  func aSaveIsNoticedNowhereInControl(_ name: String, _ windows: Int) throws {
    try Run.control.compareSaved(name, after: windows)
  }

  @Test(arguments: onLorenz, [0, 3])
  func aSaveIsNoticedNowhereOnLorenz(_ name: String, _ windows: Int) throws {
    try Run.lorenz.compareSaved(name, after: windows)
  }

  /// A trajectory that has left the finite numbers can be saved like any other.
  @Test func notANumberSurvivesASave() throws {
    let run = Run.control
    for estimator in EstimatorCatalogue.perturbing {
      let straight = try run.make(estimator)
      let key = PRNGKey(seed: 1)
      _ = try straight.estimate(theta: run.thetas[0].map { _ in .nan }, key: key)
      let restored = try run.make(estimator)
      try restored.restore(from: straight.snapshot())
      let meanLosses = try [straight, restored].map {
        try $0.estimate(theta: run.thetas[0], key: key).meanLoss
      }
      #expect(meanLosses[0].isNaN == estimator.isStepUnlocked, "\(estimator.id)")
      #expect(meanLosses[0].bitPattern == meanLosses[1].bitPattern, "\(estimator.id)")
    }
  }

  @Test func aStateOfOtherParticlesIsRefused() throws {
    var run = Run.control
    let data = try run.make(TruncatedPESK.self).snapshot()
    run.settings.particleCount = 4
    let smaller = try run.make(TruncatedPESK.self)
    let before = try run.make(TruncatedPESK.self)
    let error = EstimatorError.particleCount(found: 9, expected: 4)
    #expect(throws: error) { try smaller.restore(from: data) }
    #expect(
      error.description
        == "the saved estimator has 9 particles, this one 4: use the run's settings")
    #expect(throws: DecodingError.self) { try smaller.restore(from: Snapshot(of: [1, 2, 3])) }
    #expect(try run.bits(smaller, windows: 0..<2) == run.bits(before, windows: 0..<2))
  }
}
