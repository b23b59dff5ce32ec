import Settings

/// A number of a state, by where it stands.
struct RobotNumber: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    case position, velocity
    /// Of a hinge's angle.
    case sine, cosine
    /// How far an orientation, whose first of four positions this is, leaves the z axis up: from −1 to 1.
    case upright
    /// Among what the model computes.
    case computed
  }

  var source: Source
  var index: Int
  /// It is cut off at these.
  var clip: Bounds?

  func value<Number: LaneNumber>(in state: StateView<Number>) -> Number {
    let value: Number =
      switch source {
      case .position: state.qpos[index]
      case .velocity: state.qvel[index]
      case .sine: state.qpos[index].sine
      case .cosine: state.qpos[index].cosine
      case .upright: upright(state.qpos[index + 1], state.qpos[index + 2])
      case .computed: state.computed[index]
      }
    guard let clip else { return value }
    return value.clamped(from: clip.lower, to: clip.upper)
  }

  private func upright<Number: LaneNumber>(_ x: Number, _ y: Number) -> Number {
    Number(1) - Number(2) * (x * x + y * y)
  }
}

/// A number that is to lie inside a range, or the episode ends.
struct RobotEnd: Sendable {
  var number: RobotNumber
  /// The ends do not belong to it, nor does what is not a number.
  var range: Bounds

  func isInside<Number: LaneNumber>(_ state: StateView<Number>) -> Number.Mask {
    let value: Number = number.value(in: state)
    return Number(range.lower).isLess(than: value).and(value.isLess(than: Number(range.upper)))
  }
}
