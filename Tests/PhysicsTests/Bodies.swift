import Foundation
import Models

/// Models that lanes cover.
enum Body: String, CaseIterable, Sendable {
  case swimmer, halfCheetah, hopper, doublePendulum, reacher, tumbler
  case logs, ant, marble, drifter, juggler
  case jumper, snake
  case hopperV4, walker2dV4, antV4, reacherV4, invertedPendulumV4, invertedDoublePendulumV4

  /// Those that between them have every feature the room covers.
  static let features = allCases.filter { !$0.rawValue.hasSuffix("V4") }

  var xml: String {
    func embedded(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    /// A robot's, which is not in the program.
    func robot(_ name: String) -> String {
      let folder = URL(filePath: #filePath).deletingLastPathComponent()
      let file = folder.appending(path: "../../models/robots/\(name).xml")
      return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }
    return switch self {
    case .jumper, .snake: robot(rawValue)
    case .swimmer: embedded(EmbeddedModels.swimmer)
    case .halfCheetah: embedded(EmbeddedModels.half_cheetah)
    case .hopperV4: embedded(EmbeddedModels.hopper)
    case .walker2dV4: embedded(EmbeddedModels.walker2d)
    case .antV4: embedded(EmbeddedModels.ant)
    case .reacherV4: embedded(EmbeddedModels.reacher)
    case .invertedPendulumV4: embedded(EmbeddedModels.inverted_pendulum)
    case .invertedDoublePendulumV4: embedded(EmbeddedModels.inverted_double_pendulum)
    case .hopper: Self.hopperXML
    case .doublePendulum: Self.doublePendulumXML
    case .reacher: Self.reacherXML
    case .tumbler: Self.tumblerXML
    case .logs: Self.logsXML
    case .ant: Self.antXML
    case .marble: Self.marbleXML
    case .drifter: Self.drifterXML
    case .juggler: Self.jugglerXML
    }
  }

  /// Runge–Kutta, contacts without friction, with a margin, of limbs with each other too.
  private static let hopperXML = """
    <mujoco><compiler angle="degree"/><option timestep="0.002" integrator="RK4"/>
    <default><joint armature="1" damping="1" limited="true" axis="0 -1 0"/>
    <geom type="capsule" condim="1" margin="0.001" solimp="0.8 0.8 0.01" friction="0.8 0.1 0.1"/>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="200"/>
    <default class="root"><joint limited="false" armature="0" damping="0"/></default></default>
    <worldbody><geom type="plane" size="20 20 .125" condim="3"/>
    <body pos="0 0 1.25"><joint class="root" type="slide" axis="1 0 0" pos="0 0 -1.25"/>
    <joint class="root" type="slide" axis="0 0 1" ref="1.25" pos="0 0 -1.25"/>
    <joint class="root" axis="0 1 0"/><geom size="0.05 0.2" friction="0.9"/>
    <body pos="0 0 -0.2"><joint name="thigh" range="-150 0"/>
    <geom size="0.05 0.225" pos="0 0 -0.225"/>
    <body pos="0 0 -0.7"><joint name="leg" pos="0 0 0.25" range="-150 0"/><geom size="0.04 0.25"/>
    <body pos="0.13 0 -0.35"><joint name="foot" pos="-0.13 0 0.1" range="-45 45"/>
    <geom size="0.06 0.195" pos="-0.065 0 0.1" quat="0.7071 0 -0.7071 0" friction="2"/></body>
    </body></body></body></worldbody>
    <actuator><motor joint="thigh"/><motor joint="leg"/><motor joint="foot"/></actuator></mujoco>
    """

  /// A limit with a margin, limited motor forces, slanted gravity, no contact.
  private static let doublePendulumXML = """
    <mujoco><option gravity="1e-5 0 -9.81" timestep="0.01" integrator="RK4"/>
    <default><joint damping="0.05" axis="0 1 0"/><geom contype="0" type="capsule" size="0.045"/>
    </default><worldbody><geom type="plane" size="40 40 40" pos="0 0 -3" contype="1"/>
    <body><joint name="slider" type="slide" axis="1 0 0" limited="true" range="-1 1"
    margin="0.01"/><geom size="0.1 0.1" quat="0.707 0 0.707 0"/>
    <body><joint/><geom fromto="0 0 0 0 0 0.6"/>
    <body pos="0 0 0.6"><joint/><geom fromto="0 0 0 0 0 0.6"/></body></body></body></worldbody>
    <actuator><motor joint="slider" gear="500" ctrllimited="true" ctrlrange="-1 1"
    forcelimited="true" forcerange="-0.6 0.8"/></actuator></mujoco>
    """

  /// Two trees, one of them with inertias that are constants, and a body without a joint.
  private static let reacherXML = """
    <mujoco><compiler angle="radian"/><option timestep="0.01" integrator="RK4"/>
    <default><joint armature="1" damping="1" limited="true" axis="0 0 1"/>
    <geom contype="0" type="capsule" size="0.01"/><motor gear="200" ctrllimited="true"
    ctrlrange="-1 1"/></default>
    <worldbody><body pos="0 0 .01"><geom fromto="0 0 0 .1 0 0"/>
    <joint name="shoulder" limited="false"/><body pos=".1 0 0"><joint name="elbow" range="-3 3"/>
    <geom fromto="0 0 0 .1 0 0"/><body pos=".11 0 0"><geom type="sphere"/></body></body></body>
    <body pos=".1 -.1 .01"><joint armature="0" axis="1 0 0" damping="0" range="-.27 .27" ref=".1"
    type="slide"/><joint armature="0" axis="0 1 0" damping="0" range="-.27 .27" ref="-.1"
    type="slide"/><geom type="sphere" size=".009"/></body></worldbody>
    <actuator><motor joint="shoulder"/><motor joint="elbow"/></actuator></mujoco>
    """

  /// Movements in all directions, springs, wind, a slanted floor, spheres and capsules that touch each
  /// other, priorities, gaps, soft and hard constraints, friction with another ratio of impedances.
  private static let tumblerXML = """
    <mujoco><option timestep="0.005" density="20" viscosity="0.01" wind="1 -0.3 0.2" impratio="3"/>
    <default><joint armature="0.02" damping="0.1" stiffness="2" springref="0.2"/>
    <geom type="capsule" friction="0.7 0.1 0.1" solimp="0.5 0.95 0.02 0.3 3" solref="-400 -20"
    margin="0.02" gap="0.005"/><default class="root"><joint type="slide" stiffness="0"/></default>
    </default><worldbody><geom type="plane" size="5 5 1" euler="5 3 0"/>
    <body pos="0 0 0.6"><joint class="root" axis="1 0 0"/><joint class="root" axis="0 1 0"/>
    <joint class="root" axis="0 0 1"/><joint axis="0 0 1" pos="0.1 0 0"/>
    <joint axis="1 0.2 0.1" pos="0 0.05 0"/><geom type="sphere" size="0.15"/>
    <geom type="sphere" size="0.1" pos="0.2 0 0.1"/>
    <body pos="0.3 0 0"><joint name="arm" axis="0 1 0.5" limited="true" range="-60 40"
    margin="0.05"/><geom fromto="0 0 0 0.3 0.1 -0.2" size="0.05"/>
    <body pos="0.3 0.1 -0.2"><joint axis="1 0 0" limited="true" range="-40 80"/>
    <geom fromto="0 0 0 0.2 -0.1 -0.3" size="0.04" priority="1"/></body></body>
    <body pos="-0.3 0 0"><joint axis="0 1 0"/>
    <geom fromto="0 0 0 -0.3 0.1 -0.2" size="0.05" friction="1.2 0.1 0.1" condim="1"/>
    <body pos="-0.3 0.1 -0.2"><joint type="slide" axis="0 0.3 1" limited="true"
    range="-0.1 0.1"/><geom fromto="0 0 0 0.2 0.2 -0.3" size="0.04" solref="0.03 0.7"/></body>
    </body></body></worldbody>
    <actuator><motor joint="arm" gear="20"/></actuator></mujoco>
    """
}
