import Randomness

/// How a robot's episodes begin.
struct RobotStart: Sendable {
  /// What is added to each number.
  enum Noise: Sendable, Equatable {
    /// No draw.
    case none
    case uniform(Double)
    case normal(Double)

    func draw(_ generator: inout PCG64) -> Double {
      switch self {
      case .none: 0
      case .uniform(let scale): generator.uniform(-scale, scale)
      case .normal(let scale): scale * generator.standardNormal()
      }
    }
  }

  /// In place of the model's initial positions and of velocities 0.
  var keyframe: (positions: [Double], velocities: [Double])?
  /// Drawn first, position after position.
  var positions = Noise.none
  var velocities = Noise.none
}
