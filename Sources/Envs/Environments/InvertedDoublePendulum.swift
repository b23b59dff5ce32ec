import Models
public import Randomness

/// Two poles in a row on a cart, to be held up: Gymnasium's InvertedDoublePendulum-v4. An episode ends
/// when the tip is low.
public struct InvertedDoublePendulum: Environment {
  public init() {}

  public let spec = EnvironmentSpec(
    id: "InvertedDoublePendulum-v4", observationCount: 11, actionCount: 1, frameSkip: 5,
    timestep: 0.01, timeLimit: 1000, rewardNames: ["upright", "distance", "velocity"],
    infoNames: [], quantities: [.sitePosition("tip"), .constraintForces])

  public let model = EmbeddedModels.inverted_double_pendulum

  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.1, 0.1) }
    for index in qvel.indices { qvel[index] += generator.standardNormal() * 0.1 }
  }

  /// Where the cart is, sines and cosines of the poles' angles, velocities, forces of the cart's stops.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    observation[0] = state.qpos[0]
    for index in 1...2 {
      observation[index] = state.qpos[index].sine
      observation[2 + index] = state.qpos[index].cosine
    }
    for index in 0..<3 {
      observation[5 + index] = state.qvel[index].clamped(to: 10)
      observation[8 + index] = state.computed[3 + index].clamped(to: 10)
    }
  }

  /// (10 − how far the tip is from upright) − how fast the poles turn
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    let (x, height) = (step.after.computed[0], step.after.computed[2])
    let (first, second) = (step.after.qvel[1], step.after.qvel[2])
    let missing = height - Number(2)
    outcome.rewardTerms[0] = Number(10)
    outcome.rewardTerms[1] = Number(-1) * (Number(0.01) * (x * x) + missing * missing)
    outcome.rewardTerms[2] =
      Number(-1) * (Number(1e-3) * (first * first) + Number(5e-3) * (second * second))
    outcome.reward =
      (outcome.rewardTerms[0] + outcome.rewardTerms[1]) + outcome.rewardTerms[2]
    outcome.isTerminated = height.isLessThanOrEqualTo(Number(1))
    return outcome
  }
}
