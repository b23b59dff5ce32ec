/// An environment's facts, as far as one outside it needs them.
public struct EnvironmentSpec: Sendable, Hashable, Codable {
  /// The name users type, such as `Swimmer-v4`.
  public var id: String
  /// Length of an observation.
  public var observationCount: Int
  /// Length of an action.
  public var actionCount: Int
  /// Simulation steps in one environment step.
  public var frameSkip: Int
  /// Seconds of one simulation step.
  public var timestep: Double
  /// Environment steps after which an episode ends (T in the paper).
  public var timeLimit: Int
  /// Names of the reward's parts, in the order in which they are added: at most 8.
  public var rewardNames: [String]
  /// Names, as in Gymnasium's info, of what ``StepResult/info(_:)`` has: at most 10.
  public var infoNames: [String]
  /// What the environment reads beside positions and velocities.
  public var quantities: [ModelQuantity]

  /// Seconds of one environment step (dt).
  public var stepDuration: Double { timestep * Double(frameSkip) }

  public init(
    id: String, observationCount: Int, actionCount: Int, frameSkip: Int, timestep: Double,
    timeLimit: Int, rewardNames: [String], infoNames: [String], quantities: [ModelQuantity] = []
  ) {
    precondition(rewardNames.count <= 8 && infoNames.count <= 10, "more names than an outcome has")
    self.id = id
    self.observationCount = observationCount
    self.actionCount = actionCount
    self.frameSkip = frameSkip
    self.timestep = timestep
    self.timeLimit = timeLimit
    self.rewardNames = rewardNames
    self.infoNames = infoNames
    self.quantities = quantities
  }
}
