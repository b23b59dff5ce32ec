public import Randomness
import Unrolls

/// A worker that carries nothing: every window begins with fresh episodes.
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
  /// ε of a window that keeps one noise.
  func noise() -> [Float] {
    var noise = [Float](repeating: 0, count: theta.count)
    drawNoise(into: &noise, from: keys.noise)
    return noise
  }

  /// A fresh antithetic pair, started with the lane's θ ± ε at step 0.
  func startPair(lane: inout Lane<Task>) throws -> AntitheticPair<Task> {
    AntitheticPair(
      positive: try start(theta: lane.perturbed.positive, at: .beginning, lane: &lane),
      negative: try start(theta: lane.perturbed.negative, at: .beginning, lane: &lane))
  }

  /// ES over the first `length` steps of a fresh episode: (L̄⁺ − L̄⁻)/(2σ²) ε, with L̄ the mean of the
  /// losses, summed in float32 in the order of the steps as the reference does.
  func accumulateFreshPair(into sum: inout WindowSum, lane: inout Lane<Task>) throws {
    let noise = noise()
    lane.perturbed.set(theta: theta, noise: noise)
    var pair = try startPair(lane: &lane)
    var (positive, negative): (Float, Float) = (0, 0)
    for step in 0..<length {
      let outcome = try pair.advance(self, step: step, into: &sum, lane: &lane)
      positive += outcome.positiveLoss
      negative += outcome.negativeLoss
    }
    // The reference's compiler divides by a constant through its reciprocal.
    let share = 1 / Float(length)
    let difference = positive * share - negative * share
    sum.add(noise, multiplier: settings.multiplier(of: difference))
  }
}
