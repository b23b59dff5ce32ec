import Foundation
import Randomness
import Settings
import TestSupport
import Testing

@testable import Envs

/// Robots that are written in YAML.
@Suite struct RobotTests {
  static let halfCheetah = """
    model: my.xml
    frame-skip: 5
    reset: {positions: uniform 0.1, velocities: normal 0.1}
    observe: [{positions: from 1}, {velocities: all}]
    reward: [{velocity: rootx}, {control-cost: 0.1}]
    """
  static let hopper = """
    model: my.xml
    frame-skip: 4
    reset:
      positions: uniform 5e-3
      velocities: uniform 5e-3
    observe:
      - positions: from 1
      - velocities: all
        clip: [-10, 10]
    reward:
      - velocity: rootx
        name: forward
      - alive: 1
      - control-cost: 1e-3
    end:
      - positions: from 2
        range: [-100, 100]
      - velocities: all
        range: [-100, 100]
      - positions: rootz
        range: [0.7, inf]
      - positions: [rooty]
        range: [-0.2, .2]
    """

  static let twins: [(Locomotion, String)] = [(.halfCheetah, halfCheetah), (.hopper, hopper)]

  @Test(
    "Gymnasium's environments written so have their bits, on both engines",
    arguments: twins.indices, [PhysicsEngine.auto, .mujoco])
  func twin(_ index: Int, _ physics: PhysicsEngine) throws {
    let (original, text) = Self.twins[index]
    let robot = try RobotFolder(model: original.model).robot(text)
    #expect(robot.spec.observationCount == original.spec.observationCount)
    #expect(robot.spec.stepDuration == original.spec.stepDuration)
    let managers = try [original as any Environment, robot].map {
      try EnvironmentManager(
        $0, count: 9, seed: 5, threads: 1, timeLimit: 100, earlyEnd: .restarts, physics: physics)
    }
    #expect(managers[1].simulator.engine == managers[0].simulator.engine)
    #expect(managers[1].states == managers[0].states)
    var ends = 0
    for _ in 0..<4 {
      let results = try managers.map { manager in
        try manager.unroll(steps: 60) { index, observation, action in
          var random = SplitMix(state: UInt64(observation[0].bitPattern) + UInt64(index))
          for place in action.indices { action[place] = .random(in: -1...1, using: &random) }
        }
      }
      #expect(
        managers[1].observations.map(\.bitPattern) == managers[0].observations.map(\.bitPattern))
      #expect(managers[1].states == managers[0].states)
      let bits = results.map { $0.joined().map { $0.reward.bitPattern } }
      let terms = results.map { $0.joined().map { $0.rewardTerms.map(\.value) } }
      let terminated = results.map { $0.joined().map(\.isTerminated) }
      #expect(bits[1] == bits[0] && terms[1] == terms[0] && terminated[1] == terminated[0])
      ends += terminated[0].count { $0 }
    }
    #expect((ends > 0) == !original.healthyRanges.isEmpty)
  }

  /// The first YAML block of the documentation.
  static var example: String {
    get throws {
      let text = try String(
        contentsOf: Golden.folder.appending(path: "../../Documentation/robots.md"), encoding: .utf8)
      let block = text.components(separatedBy: "```yaml\n")[1]
      return block.components(separatedBy: "```\n")[0]
    }
  }

  @Test("the documentation's example says what it shows, and each number is what it says")
  func example() throws {
    let robot = try RobotFolder().robot(Self.example)
    let simulator = try Simulator(robot)
    let spec = simulator.spec
    #expect(spec.id == "my.yaml" && spec.frameSkip == 5 && spec.timeLimit == 500)
    #expect(spec.observationCount == 10 + 10 + 2 + 2 + 1 + 3 + 1 + 3 + 6 + 10)
    #expect(
      spec.rewardNames == [
        "forward", "velocity", "approach", "height", "sensor", "alive", "control-cost",
        "contact-cost",
      ])
    #expect(simulator.engineSummary.hasPrefix("mj_step: "))
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 4, in: scratch)
    var generator = PCG64(seed: 4)
    // 11 positions after the time, then 10 velocities.
    func positions() -> [Double] { Array(state.physics[1..<12]) }
    func velocities() -> [Double] { Array(state.physics[12..<22]) }
    let key = [0, 0.1, 0.2, 0.3, 1, 0, 0.5, 1, 0, 0, 0]
    let drawn = key.map { $0 + generator.uniform(-0.1, 0.1) }
    // The engine normalizes the quaternion.
    #expect(Array(positions().prefix(7)) == Array(drawn.prefix(7)))
    #expect(
      velocities()
        == [0, 0, 0, 0.4, 0, 0, 0, 0, 0, 0].map {
          $0 + 0.1 * generator.standardNormal()
        })
    var seen = [Double](repeating: .nan, count: spec.observationCount)
    func observe() { simulator.observe(state, into: &seen) }
    observe()
    let (hip, knee) = (positions()[2], positions()[3])
    #expect(Array(seen[0..<10]) == Array(positions().dropFirst()))
    #expect(Array(seen[10..<20]) == velocities().map { min(10, max(-10, $0)) })
    #expect(Array(seen[20..<25]) == [sin(hip), sin(knee), cos(hip), cos(knee), cos(seen[0])])
    // The trunk's middle is where the slide is, 1 above the floor; its eye moves along.
    #expect(abs(seen[28] - 1) < 1e-12)
    let alongEye = velocities()[0] * cos(seen[0])
    #expect(abs(seen[29] - alongEye) < 1e-9 && seen[32..<38].allSatisfy { $0 == 0 })

    var before = seen
    for _ in 0..<10 {
      let old = state
      let result = try simulator.step(&state, action: [0.3, -0.4], in: scratch)
      before = seen
      observe()
      let start = state.qpos.startIndex
      let speed = (state.qpos[start] - old.qpos[start]) / 0.025
      #expect(result.rewardTerm("forward") == 1.25 * speed)
      #expect(abs((result.rewardTerm("velocity") ?? 9) - speed) < 0.3)
      #expect(result.rewardTerm("height") == 0.5 * seen[28])
      #expect(result.rewardTerm("sensor") == 0.1 * seen[29])
      #expect(result.rewardTerm("alive") == 1)
      #expect(abs((result.rewardTerm("control-cost") ?? 0) + 0.1 * 0.25) < 1e-8)
      #expect(result.reward == result.rewardTerms.reduce(0) { $0 + $1.value })
      #expect(result.rewardTerms.map(\.value).allSatisfy { $0.isFinite })
    }
    #expect(before != seen)
    #expect(
      robot.facts.contains { $0.name == "ends" && $0.text == "height trunk not in 0.3 … inf" })
  }

  @Test("a term's weight is a parameter")
  func weights() throws {
    let robot = try RobotFolder().robot(Self.example)
    #expect(robot.parameters.map(\.declaration.name) == robot.spec.rewardNames)
    let other = try robot.setting(["forward": "2", "alive": "0"])
    let results = try [robot, other].map { robot in
      let simulator = try Simulator(robot)
      let scratch = try simulator.makeScratch()
      var state = try simulator.reset(seed: 0, in: scratch)
      return try simulator.step(&state, action: [0, 0] as [Float], in: scratch)
    }
    #expect(
      results[1].rewardTerm("forward") == (results[0].rewardTerm("forward") ?? 0) * 2 / 1.25)
    #expect(results.map { $0.rewardTerm("alive") } == [1, 0])
    let error = #expect(throws: EnvironmentError.self) { try robot.setting(["forwrd": "2"]) }
    #expect(error?.description.contains("did you mean 'forward'?") == true)
  }

  @Test("an orientation's uprightness is its z axis's height, and an approach is positive")
  func uprightness() throws {
    let robot = try RobotFolder().robot(
      """
      model: my.xml
      observe:
        - upright: roll
      reward:
        - approach: ball
          to: world
      """)
    let simulator = try Simulator(robot)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    // After the time and the first four joints the ball's place, then its quaternion.
    let first = 1 + 4 + 3
    let half = 0.5.squareRoot()
    var seen = [0.0]
    for (quaternion, upright) in [
      ([1.0, 0, 0, 0], 1.0), ([0, 1, 0, 0], -1), ([0, 0, 0, 1], 1),
      ([half, half, 0, 0], 0), ([half, 0, half, 0], 0),
    ] {
      state.physics.replaceSubrange(first..<first + 4, with: quaternion)
      simulator.observe(state, into: &seen)
      #expect(abs(seen[0] - upright) < 1e-15)
    }
    state = try simulator.reset(seed: 0, in: scratch)
    for _ in 0..<20 {
      let result = try simulator.step(&state, action: [0, 0] as [Float], in: scratch)
      if state.step > 2 { #expect(result.reward > 0, "the ball falls") }
    }
    #expect(simulator.engine == (Recorded.isExact ? .lanes : .mujoco))
  }

  @Test("sensors move a robot to mj_step, which is said; lanes that were asked for are refused")
  func sensor() throws {
    let robot = try RobotFolder().robot(
      """
      model: my.xml
      observe: [{sensor: bend}]
      reward: [{alive: 1}]
      """)
    if Recorded.isExact {
      #expect(
        try Simulator(robot).engineSummary == "mj_step: the environment reads sensor 'bend'")
    }
    #expect(throws: EnvironmentError.self) { try Simulator(robot, physics: .lanes) }
    let simulator = try Simulator(robot)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    var seen = [9.0]
    var last = state
    for _ in 0..<5 {
      simulator.observe(state, into: &seen)
      // What it measures is of the last evaluation of the dynamics, at the step's beginning.
      #expect(seen[0] == last.qpos[last.qpos.startIndex + 3])
      last = state
      _ = try simulator.step(&state, action: [1, 1] as [Float], in: scratch)
    }
    #expect(seen[0] != 0)
  }

  @Test("our own robots step in lanes", arguments: ["jumper", "snake"])
  func own(_ name: String) throws {
    let path = Golden.folder.appending(path: "../../models/robots/\(name).yaml").path
    let robot = try Robot(path: path)
    if Recorded.isExact { #expect(try Simulator(robot).engine == .lanes) }
    let runs = try [PhysicsEngine.auto, .mujoco].map { physics in
      let manager = try EnvironmentManager(
        robot, count: 5, seed: 1, threads: 1, earlyEnd: .restarts, physics: physics)
      let results = try manager.unroll(steps: 60) { index, observation, action in
        for place in action.indices { action[place] = 2 * observation[place] - Float(index) / 3 }
      }
      return (results, manager.states)
    }
    #expect(runs[0].0 == runs[1].0 && runs[0].1 == runs[1].1)
  }
}
