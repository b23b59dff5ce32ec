import Envs
import TestSupport
import Testing

/// Episodes that end before the time limit, on a pole that falls.
@Suite struct EarlyEndTests {
  private let simulator: Simulator
  private let scratch: Scratch

  init() throws {
    simulator = try Simulator(InvertedPendulum(), timeLimit: 40)
    scratch = try simulator.makeScratch()
  }

  @Test(
    "a pole under recorded actions is Gymnasium's, and ends where it does",
    arguments: ["traj0", "trajP"])
  func recorded(name: String) throws {
    let golden = try Recorded.pendulum.golden
    // Beyond all of the recorded steps, so that the last state is not yet the next episode's.
    let simulator = try Simulator(InvertedPendulum(), timeLimit: 2000)
    let scratch = try simulator.makeScratch()
    let actions = try golden.doubles(name == "traj0" ? "actions" : "trajP_actions")
    let (suffix, interval) = name == "traj0" ? ("", 1) : ("_every5", 5)
    let resets = try Set(golden.integers("\(name)_reset_at"))
    let terminated = try golden.integers("\(name)_terminated")
    var state = try simulator.reset(seed: 0, in: scratch)
    for step in actions.indices {
      guard let tolerance = Recorded.pendulum.tolerance(after: state.step) else { return }
      let result = try simulator.step(&state, action: [actions[step]], in: scratch)
      #expect(result.reward == 1 && result.rewardTerm("upright") == 1)
      #expect(result.isTerminated == (terminated[step] == 1) && !result.isTruncated, "\(step)")
      #expect(state.hasEnded == result.isTerminated)
      if step % interval == interval - 1 {
        try expectAgreement(
          state.qpos, golden.row("\(name)_qpos\(suffix)", step / interval), within: tolerance,
          "qpos after step \(step)")
        try expectAgreement(
          state.qvel, golden.row("\(name)_qvel\(suffix)", step / interval), within: tolerance,
          "qvel after step \(step)")
      }
      if resets.contains(step) { try simulator.reset(&state, in: scratch) }
    }
    // The controller balances until its time limit.
    #expect(name == "traj0" ? resets.count == terminated.reduce(0, +) : resets == [999])
  }

  /// An episode of pushing to one side, which ends after some steps.
  private func fall(_ seed: UInt32) throws -> (EnvironmentState, Int) {
    var state = try simulator.reset(seed: seed, in: scratch)
    for step in 1...40 {
      let result = try simulator.step(&state, action: [1] as [Float], in: scratch)
      if result.hasEnded {
        #expect(result.isTerminated && !result.isTruncated && result.isSimulated)
        return (state, step)
      }
    }
    Issue.record("never fell")
    return (state, 40)
  }

  @Test("after the end steps only count; at the time limit the next episode begins")
  func absorbs() throws {
    var next = try simulator.reset(seed: 3, in: scratch)
    try simulator.reset(&next, in: scratch)
    var (state, length) = try fall(3)
    #expect(length < 30 && state.hasEnded && state.step == length)
    let fallen = state
    for step in length + 1...40 {
      let result = try simulator.step(&state, action: [1] as [Float], in: scratch)
      #expect(result.reward == 0 && result.rewardTerm("upright") == 0)
      #expect(!result.isSimulated && !result.isTerminated && !result.hasDiverged)
      #expect(result.isTruncated == (step == 40) && result.hasEnded == (step == 40))
      if step < 40 {
        var expected = fallen
        expected.step = step
        #expect(state == expected)
      }
    }
    #expect(state == next)
  }

  @Test("an end on the time limit's step is both, and the next episode begins at once")
  func endsAtTheTimeLimit() throws {
    let (_, length) = try fall(3)
    var next = try simulator.reset(seed: 3, in: scratch)
    try simulator.reset(&next, in: scratch)
    let simulator = try Simulator(InvertedPendulum(), timeLimit: length)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 3, in: scratch)
    var last: StepResult?
    for _ in 0..<length {
      last = try simulator.step(&state, action: [1] as [Float], in: scratch)
    }
    let result = try #require(last)
    #expect(result.isTerminated && result.isTruncated && result.isSimulated && result.reward == 1)
    #expect(state == next)
  }

  @Test("the manager begins the next episode at once, or at the time limit")
  func manager() throws {
    let managers = try [EarlyEnd.restarts, .isAbsorbing].map {
      try EnvironmentManager(
        InvertedPendulum(), count: 3, seed: 3, threads: 2, timeLimit: 40, earlyEnd: $0)
    }
    let results = try managers.map { try $0.unroll(steps: 40) { _, _, action in action = [1] } }
    for index in 0..<3 {
      let (_, length) = try fall(3 + UInt32(index))
      #expect(results[0][index][..<length] == results[1][index][..<length])
      #expect(results[0][index].allSatisfy { $0.isSimulated && !$0.isTruncated })
      #expect(results[0][index].count { $0.isTerminated } >= 2)
      #expect(results[1][index].map(\.isSimulated) == (1...40).map { $0 <= length })
      var next = try simulator.reset(seed: 3 + UInt32(index), in: scratch)
      try simulator.reset(&next, in: scratch)
      #expect(managers[1].states[index] == next)
      #expect(managers[0].states[index].step < 40 - length)
    }
    let once = try EnvironmentManager(InvertedPendulum(), count: 1, seed: 3)
    var next = try simulator.reset(seed: 3, in: scratch)
    try simulator.reset(&next, in: scratch)
    let (_, length) = try fall(3)
    for _ in 0..<length { _ = try once.step([1]) }
    #expect(once.states == [next], "restarting is the default")
  }
}
