public import Estimators
import Randomness
import Tasks
import Unrolls
import Workers

/// Finds a pendulum's damping and gravity, by an estimator of ours or of this package.
public func trainPendulum(
  by algorithm: any EstimatorAlgorithm.Type, iterations: Int
) throws -> [Float] {
  let pendulum = Pendulum()
  let keys = PRNGKey(seed: 1).split(iterations + 1)
  var theta = pendulum.initialParameters(key: keys[iterations])
  let estimator = try algorithm.make(
    pendulum,
    settings: EstimatorSettings(
      particleCount: 20, windowLength: 20, noisePeriod: 200, sigma: 0.1),
    theta: theta, key: keys[iterations], pool: WorkerPool(threadCount: 2))
  for key in keys.prefix(iterations) {
    let gradient = try estimator.estimate(theta: theta, key: key).gradient
    for index in theta.indices { theta[index] -= 0.5 * gradient[index] }
  }
  return theta
}

/// The same by one of each.
public func trainPendulums() throws -> [[Float]] {
  let algorithms: [any EstimatorAlgorithm.Type] = [TruncatedNRES.self, ForwardDifferenceES.self]
  return try algorithms.map { try trainPendulum(by: $0, iterations: 300) }
}
