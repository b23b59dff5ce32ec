public import Parameters
public import Randomness
import Unrolls

/// What of a block's window does not depend on the task's type: the settings, θ, keys and the block's
/// particles. Methods count particles from the block's first.
public struct WindowFrame: Sendable {
  public let settings: EstimatorSettings
  /// θ, the same for all particles.
  public let theta: [Float]
  public let keys: WindowKeys
  /// Steps to run.
  public let length: Int
  /// T: steps of an episode.
  public let horizon: Int
  /// θ's named tensors.
  public let layout: ParameterLayout
  /// The noise's standard deviation.
  let noiseDeviation: Float
  /// The block's particles among `settings.particleCount`.
  public internal(set) var particles: Range<Int>

  /// A value of each particle of the block.
  public func mapParticles<Value>(_ value: (_ particle: Int) throws -> Value) rethrows -> [Value] {
    try particles.map { try value($0 - particles.lowerBound) }
  }

  /// The particle's row of a key that all particles share.
  public func key(of particle: Int, from shared: PRNGKey) -> PRNGKey {
    shared.split(settings.particleCount, at: particles.lowerBound + particle)
  }

  /// Draws ε ~ N(0, σ²I), or a direction N(0, I), for a particle from a key that all particles share.
  public func drawNoise(_ particle: Int, into noise: inout [Float], from shared: PRNGKey) {
    layout.drawNoise(
      into: &noise, key: key(of: particle, from: shared), sigma: noiseDeviation)
  }

  /// ε of each particle from a key that all particles share.
  public func noises(from shared: PRNGKey) -> [[Float]] {
    mapParticles { particle in
      var noise = [Float](repeating: 0, count: theta.count)
      drawNoise(particle, into: &noise, from: shared)
      return noise
    }
  }

  /// The most steps from `step` of the window on, up to `limit`, that end no episode before the last.
  ///
  /// - Parameter clocks: The step of its episode that each trajectory stands at.
  public func stretch(from step: Int, upTo limit: Int, clocks: [Int]) -> Int {
    clocks.reduce(min(limit, length - step)) { min($0, horizon - $1) }
  }
}
