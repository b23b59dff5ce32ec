import Estimators
import Parameters
import Randomness
import Settings
import Tasks
import Testing
import Unrolls
import Workers

/// The system that CONTRIBUTING.md shows.
struct PendulumTests {
  private let pendulum = Pendulum()

  @Test func itsFlagArrives() throws {
    #expect(pendulum.timestep == 0.02)
    let settings = try Pendulum.Settings(reading: ["pendulum-dt": "0.01"])
    #expect(try Pendulum(settings, horizon: 30).timestep == 0.01)
    let error = try #require(throws: SettingsError.self) {
      try Pendulum(.init(reading: ["pendulum-dt": "0"]), horizon: 30)
    }
    #expect(error.description == "--pendulum-dt is 0.0: it must be positive")
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
