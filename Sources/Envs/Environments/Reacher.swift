import Models
public import Randomness

/// An arm of two links whose tip is to be where a target is: Gymnasium's Reacher-v4.
public struct Reacher: Environment {
  public init() {}

  public let spec = EnvironmentSpec(
    id: "Reacher-v4", observationCount: 11, actionCount: 2, frameSkip: 2, timestep: 0.01,
    timeLimit: 50, rewardNames: ["distance", "control"], infoNames: ["reward_dist", "reward_ctrl"],
    quantities: [.bodyPosition("fingertip"), .bodyPosition("target")])

  public let model = EmbeddedModels.reacher

  /// The arm near its initial pose, the target anywhere in a circle.
  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.1, 0.1) }
    repeat {
      for index in 2...3 { qpos[index] = generator.uniform(-0.2, 0.2) }
    } while (qpos[2] * qpos[2] + qpos[3] * qpos[3]).squareRoot() >= 0.2
    for index in qvel.indices { qvel[index] += generator.uniform(-0.005, 0.005) }
    for index in 2...3 { qvel[index] = 0 }
  }

  /// Cosines and sines of the angles, where the target is, the arm's velocities, from the target to the
  /// tip.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    for index in 0..<2 {
      observation[index] = state.qpos[index].cosine
      observation[2 + index] = state.qpos[index].sine
      observation[4 + index] = state.qpos[2 + index]
      observation[6 + index] = state.qvel[index]
    }
    for axis in 0..<3 {
      observation[8 + axis] = state.computed[axis] - state.computed[3 + axis]
    }
  }

  /// −(distance of tip and target before the step) − ‖a‖²
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    outcome.rewardTerms[0] = Number(-1) * step.before.computed.distance(from: 0, to: 3)
    outcome.rewardTerms[1] = Number(-1) * step.squaredAction
    outcome.reward = outcome.rewardTerms[0] + outcome.rewardTerms[1]
    for index in 0..<2 { outcome.infos[index] = outcome.rewardTerms[index] }
    return outcome
  }
}
