import Envs
import TestSupport
import Testing

/// A manager in lanes against one whose environments MuJoCo steps one after another, to the last bit.
@Suite struct ManagerLanesTests {
  /// A cheetah whose simulation steps are so long that it is lost sooner or later.
  static let rushed: Locomotion = {
    var environment = Locomotion.halfCheetah
    environment.id = "rushed"
    environment.model = Array(
      String(decoding: environment.model, as: UTF8.self)
        .replacing(#"timestep="0.01""#, with: #"timestep="0.05""#).utf8)
    return environment
  }()

  static let environments: [any Environment] = [
    Locomotion.swimmer, InvertedPendulum(), rushed, Locomotion.thrown,
  ]

  /// Two groups of lanes, the second with some to spare; groups of 8 or fewer with more threads.
  static let count = 19

  /// Looks at the observation and at the environment's index. What environment 4 does now and then, 5
  /// sooner or later, is no number or too large; one number is what was written before.
  @Sendable static func policy(index: Int, observation: [Float], action: inout [Float]) {
    for offset in action.indices.dropFirst() {
      action[offset] = 2 * observation[offset] - Float(index % 3) * 0.2
    }
    action[0] = 0.5 * action[0] + observation[1] - Float(index % 5)
    if index == 4, observation[observation.count - 1] > 0.4 { action[0] = .nan }
    if index == 5, observation[observation.count - 1] < -0.4 { action[0] = 1e30 }
    if !action[0].isFinite || action[0] > 1e20 { return }
    action[0] = max(-2, min(2, action[0]))
  }

  /// All that a manager showed, as bits.
  struct Run: Equatable {
    var results: [[[UInt64]]]
    var physics: [[UInt64]]
    var states: [EnvironmentState]
    var observations: [UInt32]
    var error: EnvironmentError?
  }

  private func run(
    _ environment: any Environment, _ physics: PhysicsEngine, threads: Int,
    _ onDivergence: DivergencePolicy, _ earlyEnd: EarlyEnd = .restarts
  ) throws -> Run {
    let manager = try EnvironmentManager(
      environment, count: Self.count, seed: 30, threads: threads, timeLimit: 23,
      onDivergence: onDivergence, earlyEnd: earlyEnd, physics: physics)
    #expect(
      (manager.simulator.engine == .lanes) == (physics == .auto && Recorded.isExact))
    var results = [[StepResult]](repeating: [], count: Self.count)
    var first: EnvironmentError?
    for steps in [9, 1, 30] {
      do throws(EnvironmentError) {
        for (index, more) in try manager.unroll(steps: steps, policy: Self.policy).enumerated() {
          results[index] += more
        }
      } catch {
        first = error
        break
      }
    }
    return Run(
      results: results.map { $0.map(\.bits) },
      physics: manager.states.map { $0.physics.map(\.bitPattern) },
      states: manager.states.map { state in
        var state = state
        state.physics = []
        return state
      }, observations: manager.observations.map(\.bitPattern), error: first)
  }

  @Test(
    "results, states and errors are those of mj_step, on any number of threads",
    arguments: environments.indices)
  func equal(_ index: Int) throws {
    let environment = Self.environments[index]
    for (policy, earlyEnd, threads) in [
      (DivergencePolicy.reset, EarlyEnd.restarts, [1, 7]), (.reset, .isAbsorbing, [2]),
      (.fail, .restarts, [64]),
    ] {
      let alone = try run(environment, .mujoco, threads: 2, policy, earlyEnd)
      for threads in threads {
        let together = try run(environment, .auto, threads: threads, policy, earlyEnd)
        #expect(together.error == alone.error)
        #expect(together.states == alone.states)
        #expect(together.physics == alone.physics)
        #expect(together.results == alone.results)
        #expect(together.observations == alone.observations)
      }
      if environment.spec.id == "rushed" {
        #expect((alone.error != nil) == (policy == .fail))
      }
    }
  }

  @Test("what these are compared on has ends of every kind, and goes on")
  func covers() throws {
    func count(_ environment: any Environment, _ isThis: (StepResult) -> Bool) throws -> Int {
      let manager = try EnvironmentManager(
        environment, count: Self.count, seed: 30, timeLimit: 23, onDivergence: .reset,
        physics: .mujoco)
      return try manager.unroll(steps: 40, policy: Self.policy).joined().count(where: isThis)
    }
    #expect(try count(Locomotion.swimmer) { $0.hasDiverged } > 1)
    #expect(try count(Self.rushed) { $0.hasDiverged } > 19)
    #expect(try count(Self.rushed) { !$0.hasEnded } > 100)
    #expect(try count(InvertedPendulum()) { $0.isTerminated } > 19)
    #expect(try count(Locomotion.swimmer) { $0.isTruncated } > 10)
  }

  @Test("a lane that fails stands where it failed, and the others take all steps")
  func failure() throws {
    let manager = try EnvironmentManager(Locomotion.swimmer, count: 12, seed: 0)
    let start = manager.states
    for _ in 0..<2 {
      let error = #expect(throws: EnvironmentError.self) {
        try manager.unroll(steps: 5) { index, _, action in
          action[0] = [3, 8].contains(index) ? .infinity : 1
        }
      }
      #expect(error?.description.contains("seed 3 diverged at step 1") == true)
    }
    #expect(manager.states[3] == start[3] && manager.states[8] == start[8])
    #expect(
      manager.states.map(\.step) == (0..<12).map { [3, 8].contains($0) ? 0 : 10 })
    // They go on where they stand.
    _ = try manager.step([Float](repeating: 0.1, count: 12 * 2))
    #expect(manager.states.map(\.step) == (0..<12).map { [3, 8].contains($0) ? 1 : 11 })
  }

  @Test("a model that lanes do not cover is refused where they are asked for, else told")
  func uncovered() throws {
    let text = String(decoding: Locomotion.swimmer.model, as: UTF8.self)
      .replacing(#"armature="0.1""#, with: #"armature="0.1" frictionloss="0.1""#)
    try withModel(text) { path in
      let manager = try EnvironmentManager(
        Locomotion.swimmer, count: 2, seed: 0, modelPath: path)
      #expect(manager.simulator.engine == .mujoco)
      guard Recorded.isExact else { return }
      #expect(manager.simulator.engineReason == "the model has friction loss in a joint")
      let error = #expect(throws: EnvironmentError.self) {
        try EnvironmentManager(
          Locomotion.swimmer, count: 2, seed: 0, modelPath: path, physics: .lanes)
      }
      #expect(
        error?.description
          == "\(path): Swimmer-v4 cannot run on lanes: the model has friction loss "
          + "in a joint; use --physics auto or mujoco")
    }
    var own = Locomotion.swimmer
    own.model = Array(text.utf8)
    guard Recorded.isExact else { return }
    let error = #expect(throws: EnvironmentError.self) { try Simulator(own, physics: .lanes) }
    #expect(error?.description.hasPrefix("Swimmer-v4 cannot run on lanes: ") == true)
  }
}

extension StepResult {
  /// All its fields.
  fileprivate var bits: [UInt64] {
    let infos = [
      "x_position", "x_velocity", "reward_ctrl", "reward_fwd", "reward_run", "y_position",
    ]
    return [reward.bitPattern] + rewardTerms.map { $0.value.bitPattern }
      + infos.compactMap { info($0)?.bitPattern }
      + [isTerminated, isTruncated, hasDiverged, isSimulated].map { $0 ? 1 : 0 }
  }
}
