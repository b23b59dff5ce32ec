public import Parameters
public import Randomness

extension ParameterLayout {
  /// Draws ε ~ N(0, σ²I): each leaf from a key of its own, in leaf order; 0 for those that are not
  /// trained, which have no keys.
  ///
  /// - Parameters:
  ///   - noise: Receives `count` values.
  ///   - key: The particle's key.
  ///   - sigma: σ, the standard deviation.
  public func drawNoise(into noise: inout [Float], key: PRNGKey, sigma: Float) {
    let trainedCount = leaves.count { $0.isTrained }
    var row = 0
    for leaf in leaves.indices {
      guard leaves[leaf].isTrained else {
        for index in range(ofLeaf: leaf) { noise[index] = 0 }
        continue
      }
      key.split(trainedCount, at: row)
        .fillNormal(&noise, range: range(ofLeaf: leaf), scale: sigma)
      row += 1
    }
  }

  /// A fresh ε ~ N(0, σ²I).
  public func noise(key: PRNGKey, sigma: Float) -> [Float] {
    var noise = [Float](repeating: 0, count: count)
    drawNoise(into: &noise, key: key, sigma: sigma)
    return noise
  }
}

/// θ + ε and θ − ε of several particles, in buffers that a thread reuses.
public struct AntitheticParameters: Sendable {
  /// θ + ε of each particle, then θ − ε of each.
  public private(set) var sides: [[Float]] = []

  public init() {}

  /// Makes room for a number of particles; what the sides are is left open.
  public mutating func makeRoom(for particleCount: Int, theta: [Float]) {
    if sides.count != 2 * particleCount {
      sides = [[Float]](repeating: theta, count: 2 * particleCount)
    }
  }

  /// Sets both sides of each particle from θ and its ε.
  public mutating func set(theta: [Float], noises: [[Float]]) {
    makeRoom(for: noises.count, theta: theta)
    for particle in noises.indices { set(particle, theta: theta, noise: noises[particle]) }
  }

  /// Sets both sides of one particle from θ and ε.
  public mutating func set(_ particle: Int, theta: [Float], noise: [Float]) {
    let negative = sides.count / 2 + particle
    for index in theta.indices {
      sides[particle][index] = theta[index] + noise[index]
      sides[negative][index] = theta[index] - noise[index]
    }
  }
}
