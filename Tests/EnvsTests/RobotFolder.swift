import Envs
import Foundation
import TestSupport

/// A folder with a robot's file and its MJCF.
struct RobotFolder {
  let folder: TemporaryFolder

  /// What examples name.
  static let model = """
    <mujoco><option timestep="0.005"/>
    <worldbody><geom name="floor" type="plane" size="9 9 1"/>
    <body name="trunk" pos="0 0 1"><joint name="slide" type="slide" axis="1 0 0"/>
    <joint name="tilt" axis="0 1 0"/><geom size="0.1"/><site name="eye" pos="0.1 0 0"/>
    <body name="thigh"><joint name="hip" axis="0 1 0" damping="1"/>
    <geom type="capsule" fromto="0 0 0 0 0 -0.4" size="0.05"/>
    <body name="foot" pos="0 0 -0.4"><joint name="knee" axis="0 1 0" damping="1"/>
    <geom type="capsule" fromto="0 0 0 0.3 0 -0.3" size="0.05"/></body></body></body>
    <body name="ball" pos="1 0 0.5"><joint name="roll" type="free"/><geom size="0.1"/></body>
    </worldbody>
    <actuator><motor joint="hip" gear="5"/><motor joint="knee" gear="5"/></actuator>
    <sensor><velocimeter name="speed" site="eye"/><jointpos name="bend" joint="knee"/></sensor>
    <keyframe><key name="standing" qpos="0 0.1 0.2 0.3 1 0 0.5 1 0 0 0"
    qvel="0 0 0 0.4 0 0 0 0 0 0"/></keyframe></mujoco>
    """

  init(model: some Sequence<UInt8> = model.utf8) throws {
    folder = try TemporaryFolder()
    _ = try folder.file("my.xml", model)
  }

  func robot(_ text: String) throws -> Robot {
    try Robot(path: folder.file("my.yaml", text.utf8))
  }
}
