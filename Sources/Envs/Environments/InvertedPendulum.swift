import Models
public import Randomness

/// A pole on a cart, to be held up: Gymnasium's InvertedPendulum-v4. An episode ends when it falls.
public struct InvertedPendulum: Environment {
  public init() {}

  public let spec = EnvironmentSpec(
    id: "InvertedPendulum-v4", observationCount: 4, actionCount: 1, frameSkip: 2, timestep: 0.02,
    timeLimit: 1000, rewardNames: ["upright"], infoNames: [])

  public let model = EmbeddedModels.inverted_pendulum

  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.01, 0.01) }
    for index in qvel.indices { qvel[index] += generator.uniform(-0.01, 0.01) }
  }

  /// Where the cart is and the pole's angle, then their velocities.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    for index in 0..<2 {
      observation[index] = state.qpos[index]
      observation[2 + index] = state.qvel[index]
    }
  }

  /// 1 for each step, the last one included.
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    outcome.rewardTerms[0] = Number(1)
    outcome.reward = Number(1)
    var stands = step.after.qpos[1].magnitude.isLessThanOrEqualTo(Number(0.2))
    for index in 0..<2 {
      stands = stands.and(step.after.qpos[index].magnitude.isLess(than: Number(.infinity)))
        .and(step.after.qvel[index].magnitude.isLess(than: Number(.infinity)))
    }
    outcome.isTerminated = stands.inverted
    return outcome
  }
}
