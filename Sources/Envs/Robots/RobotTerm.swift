import Settings

/// A weighted part of a robot's reward.
struct RobotTerm: Sendable {
  enum Value: Sendable {
    /// 1
    case alive
    /// A number after the step.
    case number(RobotNumber)
    /// How fast it changed, a second.
    case rate(RobotNumber)
    /// How fast two points, whose first coordinates among the computed numbers these are, came nearer.
    case approach(Int, Int)
    /// −‖a‖², summed in the precision that the action was given in.
    case controlCost
    /// −Σ of the squares of so many computed numbers from this one on, each cut off at a range.
    case contactCost(first: Int, count: Int, clip: Bounds?)
  }

  /// What it is called among a step's rewards and as a setting.
  var name: String
  var weight: Double
  var value: Value
  /// What it is in the file's words.
  var text: String

  func value<Number: LaneNumber>(of step: Transition<Number>) -> Number {
    let (before, after, seconds) = (step.before, step.after, Number(step.duration))
    let weight = Number(weight)
    switch value {
    case .alive: return weight
    case .number(let number): return weight * number.value(in: after)
    case .rate(let number):
      return weight * ((number.value(in: after) - number.value(in: before)) / seconds)
    case .approach(let first, let second):
      let (far, near) = (
        before.computed.distance(from: first, to: second),
        after.computed.distance(from: first, to: second)
      )
      return weight * ((far - near) / seconds)
    case .controlCost: return Number(-self.weight) * step.squaredAction
    case .contactCost(let first, let count, let clip):
      return Number(-self.weight)
        * sumAsNumPy(count) { index -> Number in
          var force = after.computed[first + index]
          if let clip { force = force.clamped(from: clip.lower, to: clip.upper) }
          return force * force
        }
    }
  }
}
