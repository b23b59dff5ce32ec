import Models
public import Randomness

/// An arm of seven joints that pushes an object to a goal: Gymnasium's Pusher-v4.
public struct Pusher: Environment {
  public init() {}

  public let spec = EnvironmentSpec(
    id: "Pusher-v4", observationCount: 23, actionCount: 7, frameSkip: 5, timestep: 0.01,
    timeLimit: 100, rewardNames: ["distance", "control", "near"],
    infoNames: ["reward_dist", "reward_ctrl"],
    quantities: [.bodyPosition("tips_arm"), .bodyPosition("object"), .bodyPosition("goal")])

  public let model = EmbeddedModels.pusher

  /// The arm in its initial pose, the object in a rectangle but not near the goal, which stays.
  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    repeat {
      qpos[7] = generator.uniform(-0.3, 0)
      qpos[8] = generator.uniform(-0.2, 0.2)
    } while (qpos[7] * qpos[7] + qpos[8] * qpos[8]).squareRoot() <= 0.17
    for index in 9...10 { qpos[index] = 0 }
    for index in qvel.indices { qvel[index] += generator.uniform(-0.005, 0.005) }
    for index in 7...10 { qvel[index] = 0 }
  }

  /// The arm's positions and velocities, then where hand, object and goal are.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    for index in 0..<7 {
      observation[index] = state.qpos[index]
      observation[7 + index] = state.qvel[index]
    }
    for index in 0..<9 { observation[14 + index] = state.computed[index] }
  }

  /// (−(distance of object and goal) − 0.1·‖a‖²) − 0.5·(distance of object and hand), both distances
  /// before the step
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    let places = step.before.computed
    let control = Number(-1) * step.squaredAction
    outcome.rewardTerms[0] = Number(-1) * places.distance(from: 3, to: 6)
    outcome.rewardTerms[1] = Number(0.1) * control
    outcome.rewardTerms[2] = Number(-0.5) * places.distance(from: 3, to: 0)
    outcome.reward = (outcome.rewardTerms[0] + outcome.rewardTerms[1]) + outcome.rewardTerms[2]
    outcome.infos[0] = outcome.rewardTerms[0]
    outcome.infos[1] = control
    return outcome
  }
}
