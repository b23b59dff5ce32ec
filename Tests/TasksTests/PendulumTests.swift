import Estimators
import Foundation
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// The example of CONTRIBUTING.md.
struct PendulumTests {
  private let pendulum = Pendulum()

  @Test func theGuideShowsThisFile() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = try String(contentsOf: folder.appending(path: "Pendulum.swift"), encoding: .utf8)
    let guide = try String(
      contentsOf: folder.appending(path: "../../CONTRIBUTING.md"), encoding: .utf8)
    let indented = file.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "   \($0)" }.joined(separator: "\n")
    #expect(guide.contains("   ```swift\n\(indented)   ```\n"))
  }

  @Test func learnsByNoiseReuse() throws {
    let pool = WorkerPool(threadCount: 1)
    let settings = EstimatorSettings(
      particleCount: 20, windowLength: 20, noisePeriod: 200, sigma: 0.1)
    let keys = PRNGKey(seed: 1).split(302)
    var theta = pendulum.initialParameters(key: keys[300])
    func loss() throws -> Float {
      try pendulum.episodeLosses(theta: theta, key: keys[301], particles: 100, pool: pool)
        .reduce(0, +) / 100
    }
    let before = try loss()
    let estimator = try TruncatedNRES.make(
      pendulum, settings: settings, theta: theta, key: keys[300], pool: pool)
    for key in keys.prefix(300) {
      let gradient = try estimator.estimate(theta: theta, key: key).gradient
      for index in theta.indices { theta[index] -= 0.5 * gradient[index] }
    }
    let after = try loss()
    #expect(after < before / 1000)
  }
}
