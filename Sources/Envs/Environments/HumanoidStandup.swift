import Models
public import Randomness

/// A man lying on his back, who is to stand up: Gymnasium's HumanoidStandup-v4.
public struct HumanoidStandup: Environment {
  public init() {}

  public let spec = EnvironmentSpec(
    id: "HumanoidStandup-v4", observationCount: 376, actionCount: 17, frameSkip: 5,
    timestep: 0.003, timeLimit: 1000, rewardNames: ["up", "control", "impact", "alive"],
    infoNames: ["reward_linup", "reward_quadctrl", "reward_impact"],
    quantities: [.bodyInertias, .bodyVelocities, .actuatorForces, .contactForces])

  public let model = EmbeddedModels.humanoid_standup

  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.01, 0.01) }
    for index in qvel.indices { qvel[index] += generator.uniform(-0.01, 0.01) }
  }

  /// Positions but x and y, velocities, then what is computed of bodies and motors.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    for index in 0..<22 { observation[index] = state.qpos[2 + index] }
    for index in 0..<23 { observation[22 + index] = state.qvel[index] }
    for index in 0..<state.computed.count { observation[45 + index] = state.computed[index] }
  }

  /// ((height / simulation step − 0.1·‖a‖²) − what contacts cost, at most 10) + 1
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    let computed = step.after.computed
    let contacts = computed.count - 14 * 6
    let forces = sumAsNumPy(14 * 6) { computed[contacts + $0] * computed[contacts + $0] }
    let squares = sumAsNumPy(step.action.count) { step.action[$0] * step.action[$0] }
    outcome.rewardTerms[0] = step.after.qpos[2] / Number(step.duration / Double(spec.frameSkip))
    outcome.rewardTerms[1] = Number(-0.1) * squares
    outcome.rewardTerms[2] = (Number(-0.5e-6) * forces).clamped(to: 10)
    outcome.rewardTerms[3] = Number(1)
    for index in 0..<4 { outcome.reward = outcome.reward + outcome.rewardTerms[index] }
    for index in 0..<3 { outcome.infos[index] = outcome.rewardTerms[index] }
    return outcome
  }
}
