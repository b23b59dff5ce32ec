public import Randomness
import Unrolls

/// A worker that carries nothing: every window begins with fresh episodes.
public protocol FreshEpisodeWorker: GradientWorker {
  init()
}

extension FreshEpisodeWorker {
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

  /// ES over the first `length` steps of a fresh episode: Σ (L⁺ − L⁻)/(2σ²) ε.
  func accumulateFreshPair(into sum: inout WindowSum, lane: inout Lane<Task>) throws {
    let noise = noise()
    lane.perturbed.set(theta: theta, noise: noise)
    var pair = try startPair(lane: &lane)
    var difference = 0.0
    for step in 0..<length {
      difference += try pair.advance(self, step: step, into: &sum, lane: &lane).difference
    }
    sum.add(noise, weight: difference * settings.differenceScale)
  }
}
