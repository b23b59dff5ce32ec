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
