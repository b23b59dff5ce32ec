import Randomness
import Tasks
import Unrolls
import Workers

extension DynamicalSystem {
  func episodeLosses(
    theta: [Float], key: PRNGKey, sigma: Float, noisePeriod: Int, particles: Int,
    pool: WorkerPool
  ) throws -> [Float] {
    let (initial, sample, steps) = key.split3()
    var step = steps
    var states = try (0..<particles).map { index in
      var scratch = try makeScratch()
      return try start(
        theta: theta, key: initial.split(particles, at: index), at: .beginning, in: &scratch)
    }
    func perturbed(_ key: PRNGKey) -> [[Float]] {
      (0..<particles).map { index in
        let noise = layout.noise(key: key.split(particles, at: index), sigma: sigma)
        return theta.indices.map { theta[$0] + noise[$0] }
      }
    }
    var thetas = perturbed(sample)
    var sums = [Double](repeating: 0, count: particles)
    var done = 0
    while done < horizon {
      let count = min(noisePeriod, horizon - done)
      var resample = step
      for _ in 0..<count {
        let (next, _, sample) = step.split3()
        (step, resample) = (next, sample)
      }
      let keys = StepKeys(shared: Array(repeating: step, count: count), particleCount: particles)
      var scratch = try makeScratch()
      var losses = [Float](repeating: 0, count: count * Self.blockSize)
      for first in stride(from: 0, to: particles, by: Self.blockSize) {
        let range = first..<min(first + Self.blockSize, particles)
        var block = Array(states[range])
        try unroll(
          &block, thetas: Array(thetas[range]), steps: count, keys: keys, particles: Array(range),
          losses: &losses, in: &scratch)
        states.replaceSubrange(range, with: block)
        for row in 0..<count {
          for lane in range { sums[lane] += Double(losses[row * Self.blockSize + lane - first]) }
        }
      }
      done += count
      if done.isMultiple(of: noisePeriod) { thetas = perturbed(resample) }
    }
    return sums.map { Float($0 / Double(horizon)) }
  }
}
