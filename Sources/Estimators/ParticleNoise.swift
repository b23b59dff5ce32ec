public import Randomness
public import Unrolls

/// The noises of a block's particles: what follows from keys and clocks alone, so that whoever knows
/// them has the same noises, wherever the particles take their steps.
///
/// Between ``begin(_:at:clocks:renewed:)`` and ``end(_:at:clocks:renewed:)`` is a stretch of steps in
/// which no noise changes and no episode ends.
public protocol ParticleNoise: Codable, Sendable {
  /// Draws what particles begin with.
  init<Task: UnrolledTask>(_ window: Window<Task>)

  /// Draws the noises that are due at a step of the window.
  ///
  /// - Parameters:
  ///   - step: The step of the window that comes next.
  ///   - clocks: The step of its episode that each particle stands at.
  ///   - renewed: Particles whose noise or direction has changed, or is used for the first time in the
  ///     window, are appended.
  /// - Returns: Steps until the next are due.
  mutating func begin<Task: UnrolledTask>(
    _ window: Window<Task>, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int

  /// Draws or forgets what an episode's end, at which the clock is 0, asks for.
  ///
  /// - Parameter step: Steps of the window done.
  mutating func end<Task: UnrolledTask>(
    _ window: Window<Task>, at step: Int, clocks: [Int], renewed: inout [Int])

  /// ε of a particle.
  func noise(of particle: Int) -> [Float]

  /// What a particle's multipliers multiply.
  func direction(of particle: Int) -> [Float]
}

extension ParticleNoise {
  public mutating func end<Task: UnrolledTask>(
    _ window: Window<Task>, at step: Int, clocks: [Int], renewed: inout [Int]
  ) {}

  public func direction(of particle: Int) -> [Float] { noise(of: particle) }
}

/// A noise whose steps have keys of its own.
public protocol CarriedNoise: ParticleNoise {
  /// A step's key made into one for the noise and one for the transition.
  static func stepKeys(from key: PRNGKey) -> WindowKeys.Step
}

/// No noise: of estimators that have none, or whose sums have it in them.
public struct NoNoise: ParticleNoise {
  public init() {}

  public init<Task: UnrolledTask>(_ window: Window<Task>) {}

  public mutating func begin<Task: UnrolledTask>(
    _ window: Window<Task>, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int { .max }

  public func noise(of particle: Int) -> [Float] { [] }
}

/// A noise a particle, drawn with each window (TES, FullES).
public struct WindowNoise: ParticleNoise {
  private var noises: [[Float]]

  public init<Task: UnrolledTask>(_ window: Window<Task>) {
    noises = window.noises(from: window.keys.noise)
  }

  public mutating func begin<Task: UnrolledTask>(
    _ window: Window<Task>, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int {
    if step == 0 {
      noises = window.noises(from: window.keys.noise)
      renewed.append(contentsOf: noises.indices)
    }
    return .max
  }

  public func noise(of particle: Int) -> [Float] { noises[particle] }
}
