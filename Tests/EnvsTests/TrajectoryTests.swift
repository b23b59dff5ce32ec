import TestSupport
import Testing

@testable import Envs

@Suite struct TrajectoryTests {
  @Test(
    "recorded actions give Gymnasium's numbers",
    arguments: Recorded.all.flatMap(RecordedTrajectory.all))
  func steps(_ trajectory: RecordedTrajectory) throws {
    let (recorded, name) = (trajectory.recorded, trajectory.name)
    let golden = try recorded.golden
    let resets = try trajectory.flags("reset_at", golden)
    let terminated = try trajectory.flags("terminated", golden)
    let truncated = try trajectory.flags("truncated", golden)
    let rewards = try golden.rowsByStep("\(name)_reward")
    let infos = try trajectory.infos(golden)
    // Without recorded flags one step past the end, so that the last state is still there.
    let simulator = try Simulator(
      trajectory.environment(golden), timeLimit: truncated.isEmpty ? 1001 : nil)
    let spec = simulator.spec
    #expect(
      Set(infos.keys) == Set(spec.infoNames)
        || infos.isEmpty && name.wholeMatch(of: /traj[1-4]/) != nil)
    let scratch = try simulator.makeScratch()
    let actions = try trajectory.actions(golden)

    var state = try simulator.reset(seed: trajectory.seed(golden), in: scratch)
    func numbers(_ quantity: String) -> [Double] {
      switch quantity {
      case "qpos": return Array(simulator.qpos(state))
      case "qvel": return Array(simulator.qvel(state))
      default:
        var observation = [Double](repeating: .nan, count: spec.observationCount)
        simulator.observe(state, into: &observation)
        return observation
      }
    }
    let states = try ["qpos", "qvel", "obs"].map { quantity in
      (
        quantity, try golden.rowsByStep("\(name)_\(quantity)"),
        try golden.rows("\(name)_reset_\(quantity)")
      )
    }
    for (quantity, _, _) in states where golden.names.contains("\(name)_start_\(quantity)") {
      try expectAgreement(
        numbers(quantity), golden.doubles("\(name)_start_\(quantity)"),
        within: recorded.tolerance(after: 0) ?? 0, "first \(quantity)")
    }
    var resetCount = 0
    for step in 0..<rewards.count {
      guard let tolerance = recorded.tolerance(after: step) else { return }
      var agree = true
      func expect(
        _ found: [Double], _ recorded: ArraySlice<Double>?, _ what: String
      ) {
        guard let recorded else { return }
        agree = expectAgreement(found, recorded, within: tolerance, what) && agree
      }
      let range = step * spec.actionCount..<(step + 1) * spec.actionCount
      state.hasEnded = false
      let result =
        switch actions {
        case .single(let values):
          try simulator.step(&state, action: Array(values[range]), in: scratch)
        case .double(let values):
          try simulator.step(&state, action: Array(values[range]), in: scratch)
        }
      expect([result.reward], rewards[step], "reward of step \(step)")
      for (info, values) in infos {
        try expect([#require(result.info(info))], values[step], "\(info) of step \(step)")
      }
      if !truncated.isEmpty {
        let flags = [result.isTerminated, result.isTruncated]
        agree = agree && flags == [terminated[step] == 1, truncated[step] == 1]
        #expect(flags == [terminated[step] == 1, truncated[step] == 1], "step \(step)")
      }
      // At the time limit the state is the next episode's already.
      for (quantity, rows, _) in states where !result.isTruncated {
        expect(numbers(quantity), rows[step], "\(quantity) of step \(step)")
      }
      if resets.contains(step) {
        if !result.isTruncated { try simulator.reset(&state, in: scratch) }
        for (quantity, _, starts) in states where starts.indices.contains(resetCount) {
          expect(numbers(quantity), starts[resetCount], "\(quantity) of reset \(resetCount)")
        }
        resetCount += 1
      }
      // What follows the first difference says nothing.
      guard agree else { return }
    }
    #expect(resetCount == resets.count)
  }

  @Test("every environment's recorded trajectories are found", arguments: Recorded.all)
  func found(_ recorded: Recorded) {
    #expect(RecordedTrajectory.all(of: recorded).count >= 3)
  }
}
