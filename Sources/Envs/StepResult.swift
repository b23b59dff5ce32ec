/// What one environment step gave: the reward, its parts, and whether the episode ended.
public struct StepResult: Sendable, Hashable, Codable {
  /// `forwardReward + controlReward`.
  public var reward: Double
  /// The part for moving forward, m/s.
  public var forwardReward: Double
  /// The part for effort, never positive: −weight · ‖a‖².
  public var controlReward: Double
  /// Position after the step, m. Where the environment moves along x alone, y is 0.
  public var xPosition, yPosition: Double
  /// Mean velocity during the step, m/s.
  public var xVelocity, yVelocity: Double
  /// The episode ended with this step, and the state is the next episode's start.
  public var isDone = false
  /// The simulation diverged in this step, which ended the episode; the reward is 0.
  public var hasDiverged = false

  /// The result of a step rewarded for its velocity along x.
  ///
  /// - Parameters:
  ///   - before: Position before the step (x, y).
  ///   - after: Position after it.
  ///   - duration: Seconds between them.
  ///   - controlCost: weight · ‖a‖².
  public init(
    from before: (x: Double, y: Double), to after: (x: Double, y: Double), duration: Double,
    controlCost: Double
  ) {
    xPosition = after.x
    yPosition = after.y
    xVelocity = (after.x - before.x) / duration
    yVelocity = (after.y - before.y) / duration
    forwardReward = xVelocity
    controlReward = -controlCost
    reward = forwardReward + controlReward
  }

  /// The value that Gymnasium's v4 environments report as `name`; nil for a name they do not have.
  public func info(_ name: String) -> Double? {
    switch name {
    case "forward_reward", "reward_fwd", "reward_run": forwardReward
    case "reward_ctrl": controlReward
    case "x_position": xPosition
    case "y_position": yPosition
    case "x_velocity": xVelocity
    case "y_velocity": yVelocity
    case "distance_from_origin":
      (xPosition * xPosition + yPosition * yPosition).squareRoot()
    default: nil
    }
  }
}
