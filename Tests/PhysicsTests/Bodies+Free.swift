/// Models that move freely in space.
extension Body {
  /// The numbers of Gymnasium's Ant-v4.
  static let antXML = """
    <mujoco><compiler angle="degree"/><option timestep="0.01" integrator="RK4"/>
    <default><joint armature="1" damping="1" limited="true"/>
    <geom conaffinity="0" density="5" friction="1 0.5 0.5" margin="0.01" type="capsule" size="0.08"/>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="150"/></default>
    <worldbody><geom type="plane" size="40 40 40" conaffinity="1"/>
    <body pos="0 0 0.75"><joint type="free" limited="false" armature="0" damping="0" margin="0.01"/>
    <geom type="sphere" size="0.25"/>
    \(leg(1, x: 1, y: 1, ankle: (30, 70)))\(leg(2, x: -1, y: 1, ankle: (-70, -30)))
    \(leg(3, x: -1, y: -1, ankle: (-70, -30)))\(leg(4, x: 1, y: -1, ankle: (30, 70)))
    </body></worldbody><actuator>\([4, 1, 2, 3].map {
      "<motor joint='hip_\($0)'/><motor joint='ankle_\($0)'/>"
    }.joined())</actuator></mujoco>
    """

  private static func leg(_ index: Int, x: Int, y: Int, ankle: (Int, Int)) -> String {
    let end = "\(0.2 * Double(x)) \(0.2 * Double(y)) 0"
    return """
      <body><geom fromto="0 0 0 \(end)"/>
      <body pos="\(end)"><joint name="hip_\(index)" axis="0 0 1" range="-30 30"/>
      <geom fromto="0 0 0 \(end)"/>
      <body pos="\(end)"><joint name="ankle_\(index)" axis="\(-x * y) 1 0"
      range="\(ankle.0) \(ankle.1)"/>
      <geom fromto="0 0 0 \(0.4 * Double(x)) \(0.4 * Double(y)) 0"/></body></body></body>
      """
  }

  /// One rigid body whose mass matrix is constant, Euler's method, no damping.
  static let marbleXML = """
    <mujoco><option timestep="0.004"/><worldbody><geom type="plane" size="5 5 1" euler="3 0 0"/>
    <body pos="0 0 0.2"><freejoint/><geom type="sphere" size="0.1" margin="0.01"/></body>
    </worldbody></mujoco>
    """

  /// Two links that tumble in a fluid and onto the floor, Runge–Kutta.
  static let drifterXML = """
    <mujoco><option timestep="0.005" integrator="RK4" density="60" viscosity="0.05"
    wind="0.5 0.2 -0.1"/><default><geom type="capsule" density="800" friction="0.8 0.1 0.1"/></default>
    <worldbody><geom type="plane" size="5 5 1"/>
    <body pos="0 0 0.5" euler="20 30 40"><joint type="free" armature="0.01" damping="0.02"/>
    <geom fromto="0 0 0 0.3 0.1 -0.1" size="0.05"/>
    <body pos="0.3 0.1 -0.1" quat="0.8 0.1 -0.3 0.5"><joint name="elbow" axis="0.2 1 0.3"
    pos="0.02 0 0.01" damping="0.05" limited="true" range="-70 50"/>
    <geom fromto="0 0 0 0.1 -0.2 0.2" size="0.04"/></body></body></worldbody>
    <actuator><motor joint="elbow" gear="2"/></actuator></mujoco>
    """

  /// Ball joints, off-center and in a row, a free body that is thrown at them, Euler's method with damping.
  static let jugglerXML = """
    <mujoco><option timestep="0.004"/>
    <default><geom type="capsule" friction="0.6 0.1 0.1" margin="0.005"/>
    <joint armature="0.003" damping="0.03"/></default>
    <worldbody><geom type="plane" size="5 5 1"/>
    <body pos="0 0 0.9"><joint type="ball" pos="0 0.02 0.1"/><geom fromto="0 0 0 0 0 -0.4" size="0.05"/>
    <body pos="0 0 -0.4" euler="0 40 10"><joint type="slide" axis="0 1 1" stiffness="40" damping="1"/>
    <joint type="ball" pos="0.01 0 0"/><geom fromto="0 0 0 0.05 0 -0.25" size="0.04"/>
    <body pos="0.05 0 -0.25"><joint name="twist" axis="0 1 0.2" limited="true" range="-90 90"
    stiffness="0.5"/><geom fromto="0 0 0 0.1 0 -0.1" size="0.03"/></body></body></body>
    <body pos="0.2 0.1 0.6"><joint type="free" damping="0.01" armature="0"/>
    <geom fromto="-0.1 0 0 0.1 0.05 0" size="0.06"/><geom type="sphere" pos="0 0 0.1" size="0.07"/></body>
    </worldbody><actuator><motor joint="twist" gear="0.5"/></actuator></mujoco>
    """

  /// Capsules that stay parallel, of different lengths, and lie on each other; one can turn.
  static let logsXML = """
    <mujoco><option timestep="0.004"/>
    <default><geom type="capsule" euler="0 80 20" margin="0.004" gap="0.001"/>
    <joint type="slide" damping="0.1"/></default>
    <worldbody><geom type="plane" euler="0 0 0" size="5 5 1"/>
    <body pos="0 0 0.2"><joint axis="1 0 0"/><joint axis="0 0 1"/><geom size="0.1 0.3"/></body>
    <body pos="0.05 0 0.5"><joint axis="1 0 0"/><joint axis="0 1 0"/><joint name="high" axis="0 0 1"/>
    <geom size="0.08 0.2"/></body>
    <body pos="-0.1 0 0.8"><joint axis="1 0 0"/><joint axis="0 0 1"/>
    <joint type="hinge" axis="0 1 0" limited="true" range="0 60"/><geom size="0.07 0.3" condim="1"/></body>
    </worldbody><actuator><motor joint="high" gear="20"/></actuator></mujoco>
    """
}
