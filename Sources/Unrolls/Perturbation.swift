public import Parameters
public import Randomness

extension ParameterLayout {
  /// Draws ε ~ N(0, σ²I): each leaf from a key of its own, in leaf order.
  ///
  /// - Parameters:
  ///   - noise: Receives `count` values.
  ///   - key: The particle's key.
  ///   - sigma: σ, the standard deviation.
  public func drawNoise(into noise: inout [Float], key: PRNGKey, sigma: Float) {
    for leaf in leaves.indices {
      key.split(leaves.count, at: leaf)
        .fillNormal(&noise, range: range(ofLeaf: leaf), scale: sigma)
    }
  }

  /// A fresh ε ~ N(0, σ²I).
  public func noise(key: PRNGKey, sigma: Float) -> [Float] {
    var noise = [Float](repeating: 0, count: count)
    drawNoise(into: &noise, key: key, sigma: sigma)
    return noise
  }
}

/// θ + ε and θ − ε, in buffers that a thread reuses.
public struct AntitheticParameters: Sendable {
  /// θ + ε
  public private(set) var positive: [Float]
  /// θ − ε
  public private(set) var negative: [Float]

  public init(count: Int) {
    positive = [Float](repeating: 0, count: count)
    negative = positive
  }

  /// Sets both sides from θ and ε.
  public mutating func set(theta: [Float], noise: [Float]) {
    for index in theta.indices {
      positive[index] = theta[index] + noise[index]
      negative[index] = theta[index] - noise[index]
    }
  }
}
