public import Envs

extension Locomotion {
  /// Two links that fall onto a floor: a free joint has more positions than velocities, and what is read beside
  /// them lags behind.
  public static let thrown: Locomotion = {
    let model = """
      <mujoco><option timestep="0.01" integrator="RK4"/>
      <worldbody><geom type="plane" size="5 5 1"/>
      <body name="torso" pos="0 0 0.2"><freejoint/><geom type="capsule" fromto="0 0 0 0.2 0.1 0" size="0.05"/>
      <body pos="0.2 0.1 0"><joint name="elbow" axis="0 1 0" limited="true" range="-60 60"
      damping="0.1"/><geom type="capsule" fromto="0 0 0 0.2 0 0.1" size="0.04"/>
      <site name="tip" pos="0.2 0 0.1"/></body></body></worldbody>
      <actuator><motor joint="elbow" ctrllimited="true" ctrlrange="-1 1" gear="3"/></actuator></mujoco>
      """
    var environment = Locomotion(
      id: "thrown", model: Array(model.utf8), positionCount: 8, velocityCount: 7, actionCount: 1,
      frameSkip: 3, timestep: 0.01, controlCostWeight: 0.1, infos: [("x", .x), ("y", .y)])
    environment.place = .quantity(.bodyPosition("torso"))
    environment.dimensionCount = 2
    environment.observedQuantities = ([.sitePosition("tip"), .constraintForces], 3 + 7)
    environment.healthyRanges = [StateRange(.positions(2..<3), from: 0.03, to: 1)]
    return environment
  }()
}
