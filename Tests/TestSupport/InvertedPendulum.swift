public import Envs
public import Randomness

/// Gymnasium's InvertedPendulum-v4: a pole on a cart, whose episodes end when it falls.
public struct InvertedPendulum: Environment {
  public init() {}

  public let spec = EnvironmentSpec(
    id: "InvertedPendulum-v4", observationCount: 4, actionCount: 1, frameSkip: 2, timestep: 0.02,
    timeLimit: 1000, rewardNames: ["upright"], infoNames: [])

  public let model = Array(
    """
    <mujoco model="inverted pendulum">
      <option integrator="RK4" timestep="0.02"/>
      <size nstack="3000"/>
      <default>
        <joint armature="0" damping="1" limited="true"/>
        <geom contype="0" friction="1 0.1 0.1" type="capsule"/>
        <motor ctrllimited="true" ctrlrange="-3 3" gear="100"/>
      </default>
      <worldbody>
        <geom name="rail" size="0.02 1" quat="0.707 0 0.707 0"/>
        <body name="cart">
          <joint name="slider" type="slide" axis="1 0 0" range="-1 1"/>
          <geom name="cart" size="0.1 0.1" quat="0.707 0 0.707 0"/>
          <body name="pole">
            <joint name="hinge" type="hinge" axis="0 1 0" range="-90 90"/>
            <geom name="cpole" size="0.049" fromto="0 0 0 0.001 0 0.6"/>
          </body>
        </body>
      </worldbody>
      <actuator>
        <motor name="slide" joint="slider"/>
      </actuator>
    </mujoco>
    """.utf8)

  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.01, 0.01) }
    for index in qvel.indices { qvel[index] += generator.uniform(-0.01, 0.01) }
  }

  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    for index in 0..<2 {
      observation[index] = state.qpos[index]
      observation[2 + index] = state.qvel[index]
    }
  }

  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    outcome.rewardTerms[0] = Number(1)
    outcome.reward = Number(1)
    var stands = step.after.qpos[1].magnitude.isLessThanOrEqualTo(Number(0.2))
    for index in 0..<2 {
      for value in [step.after.qpos[index], step.after.qvel[index]] {
        stands = stands.and(value.magnitude.isLess(than: Number(.infinity)))
      }
    }
    outcome.isTerminated = stands.inverted
    return outcome
  }
}
