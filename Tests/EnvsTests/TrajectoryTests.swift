import Envs
import TestSupport
import Testing

@Suite struct TrajectoryTests {
  static let cases = Recorded.all.flatMap { recorded in (0..<5).map { (recorded, $0) } }

  @Test("1000 steps under recorded actions are Gymnasium's", arguments: cases)
  func episode(_ recorded: Recorded, seed: Int) throws {
    let golden = try recorded.golden
    // One step past the recorded end, so that the last state is not yet the next episode's.
    let simulator = try Simulator(recorded.environment, timeLimit: 1001)
    let scratch = try simulator.makeScratch()
    let actions = try golden.doubles("actions")
    let width = simulator.spec.actionCount
    let isWhole = golden.names.contains("traj\(seed)_qpos")
    let suffix = isWhole ? "" : "_every50"
    let interval = isWhole ? 1 : 50
    let rewards = try golden.doubles("traj\(seed)_reward")
    let qpos = try golden.doubles("traj\(seed)_qpos\(suffix)")
    let qvel = try golden.doubles("traj\(seed)_qvel\(suffix)")
    let infos = try recorded.infos(of: "traj\(seed)")
    #expect(infos.count == (seed == 0 ? simulator.spec.infoNames.count : 0))

    var state = try simulator.reset(seed: UInt32(seed), in: scratch)
    let count = state.qpos.count
    for step in rewards.indices {
      guard let tolerance = recorded.tolerance(after: step) else { break }
      let action = Array(actions[step * width..<(step + 1) * width])
      let result = try simulator.step(&state, action: action, in: scratch)
      expectAgreement(
        [result.reward], [rewards[step]], within: tolerance, "reward of step \(step)")
      for (name, values) in infos {
        try expectAgreement(
          [#require(result.info(name))], [values[step]], within: tolerance, "\(name) of \(step)")
      }
      if step % interval == interval - 1 {
        let row = step / interval * count..<(step / interval + 1) * count
        expectAgreement(
          state.qpos, qpos[row], within: tolerance, "qpos after step \(step)")
        expectAgreement(
          state.qvel, qvel[row], within: tolerance, "qvel after step \(step)")
      }
    }
    #expect(state.step == 1000 || !Recorded.isExact)
  }

  @Test(
    "the cost of a single-precision action is summed in single precision",
    arguments: Recorded.all)
  func singlePrecision(_ recorded: Recorded) throws {
    let golden = try recorded.golden
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    let actions = try golden.floats("trajB_actions_f32")
    let rewards = try golden.doubles("trajB_reward")
    let width = simulator.spec.actionCount
    let infos = try recorded.infos(of: "trajB")
    #expect(infos.count == simulator.spec.infoNames.count)
    var state = try simulator.reset(seed: 7, in: scratch)
    for step in rewards.indices {
      guard let tolerance = recorded.tolerance(after: step) else { break }
      let action = Array(actions[step * width..<(step + 1) * width])
      let result = try simulator.step(&state, action: action, in: scratch)
      expectAgreement(
        [result.reward], [rewards[step]], within: tolerance, "reward of step \(step)")
      for (name, values) in infos {
        try expectAgreement(
          [#require(result.info(name))], [values[step]], within: tolerance, "\(name) of \(step)")
      }
      try expectAgreement(
        state.qpos, golden.row("trajB_qpos", step), within: tolerance, "qpos after step \(step)")
      try expectAgreement(
        state.qvel, golden.row("trajB_qvel", step), within: tolerance, "qvel after step \(step)")
    }
  }
}

extension Recorded {
  /// The recorded info of a trajectory, by name.
  fileprivate func infos(of trajectory: String) throws -> [String: [Double]] {
    let golden = try golden
    let prefix = "\(trajectory)_info_"
    let names = golden.names.filter { $0.hasPrefix(prefix) }
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        try (String($0.dropFirst(prefix.count)), golden.doubles($0))
      })
  }
}
