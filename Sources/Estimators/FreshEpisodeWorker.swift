public import Randomness
import Unrolls

/// Particles that carry nothing: every window begins with fresh episodes.
public protocol FreshEpisodeWorker: GradientWorker {
  init()
}

extension FreshEpisodeWorker {
  public static func average(
    _ sum: Float, settings: EstimatorSettings, length: Int
  ) -> Float {
    sum * (1 / Float(settings.particleCount))
  }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    WindowKeys(start: key, noise: key, steps: [])
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .freshEpisodes(from: key, length: length)
  }

  public init(_ window: Window<Task>, lane: inout Lane<Task>) throws { self.init() }
}

extension Window {
  /// Fresh antithetic pairs, started with the lane's θ ± ε at step 0.
  func startPairs(lane: inout Lane<Task>) throws -> AntitheticPairs<Task> {
    let sides = lane.perturbed.sides
    let states = try sides.indices.map {
      try start($0 % particles.count, theta: sides[$0], at: .beginning, lane: &lane)
    }
    return AntitheticPairs(
      positives: Array(states[..<particles.count]), negatives: Array(states[particles.count...]))
  }

  /// ES over the first `length` steps of fresh episodes: (L̄⁺ − L̄⁻)/(2σ²) ε, with L̄ the mean of
  /// the losses, summed in float32 in the order of the steps as the reference does.
  func accumulateFreshPairs(into sum: inout WindowSum, lane: inout Lane<Task>) throws {
    let noises = noises(from: keys.noise)
    lane.perturbed.set(theta: theta, noises: noises)
    var pairs = try startPairs(lane: &lane)
    var losses = [Float](repeating: 0, count: pairs.states.count)
    var step = 0
    while step < length {
      step += try pairs.advance(self, from: step, into: &sum, lane: &lane)
      lane.losses.add(to: &losses)
    }
    // The reference's compiler divides by a constant through its reciprocal.
    let share = 1 / Float(length)
    sum.use(noises)
    sum.add(
      noises.indices.map {
        settings.multiplier(of: losses[$0] * share - losses[noises.count + $0] * share)
      })
  }
}
