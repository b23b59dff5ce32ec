public import Randomness

/// The noises of a block's particles: what follows from keys and clocks alone, so that whoever knows
/// them has the same noises, wherever the particles take their steps.
///
/// Between ``begin(_:at:clocks:renewed:)`` and ``end(_:at:clocks:renewed:)`` is a stretch of steps in
/// which no noise changes and no episode ends.
public protocol ParticleNoise: Codable, Sendable {
  /// Draws what particles begin with.
  init(_ window: WindowFrame)

  /// Draws the noises that are due at a step of the window.
  ///
  /// - Parameters:
  ///   - step: The step of the window that comes next.
  ///   - clocks: The step of its episode that each particle stands at.
  ///   - renewed: Particles whose noise or direction has changed, or is used for the first time in the
  ///     window, are appended.
  /// - Returns: Steps until the next are due.
  mutating func begin(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int

  /// Draws or forgets what an episode's end, at which the clock is 0, asks for.
  ///
  /// - Parameter step: Steps of the window done.
  mutating func end(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int])

  /// The same particles in blocks of other sizes; nil where these cannot be others.
  static func regrouped(_ noises: [Self], into sizes: [Int]) -> [Self]?

  /// ε of each particle.
  var noises: [[Float]] { get }

  /// What each particle's multipliers multiply; by default its noise.
  var directions: [[Float]] { get }
}

extension ParticleNoise {
  public mutating func end(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) {}

  public static func regrouped(_ noises: [Self], into sizes: [Int]) -> [Self]? { nil }

  public var directions: [[Float]] { noises }
}

/// A noise whose steps have keys of its own.
public protocol CarriedNoise: ParticleNoise {
  /// A step's key made into one for the noise and one for the transition.
  static func stepKeys(from key: PRNGKey) -> WindowKeys.Step
}

/// No noise: of estimators that have none, or whose sums have it in them.
public struct NoNoise: ParticleNoise {
  public init() {}

  public init(_ window: WindowFrame) {}

  public mutating func begin(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int { .max }

  public var noises: [[Float]] { [] }
}

/// A noise a particle, drawn with each window (TES, FullES).
public struct WindowNoise: ParticleNoise {
  public private(set) var noises: [[Float]]

  public init(_ window: WindowFrame) {
    noises = window.noises(from: window.keys.noise)
  }

  public mutating func begin(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int {
    if step == 0 {
      noises = window.noises(from: window.keys.noise)
      renewed.append(contentsOf: noises.indices)
    }
    return .max
  }

}
