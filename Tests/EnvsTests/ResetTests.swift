import Envs
import TestSupport
import Testing

@Suite struct ResetTests {
  @Test("seeds 0…4 start where Gymnasium starts", arguments: Recorded.all)
  func seeds(_ recorded: Recorded) throws {
    let golden = try recorded.golden
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    var observation = [Double](repeating: 0, count: simulator.spec.observationCount)
    for (index, seed) in try golden.integers("reset_seed").enumerated() {
      let state = try simulator.reset(seed: UInt32(seed), in: scratch)
      #expect(try simulator.qpos(state) == golden.row("reset_qpos", index))
      #expect(try simulator.qvel(state) == golden.row("reset_qvel", index))
      simulator.observe(state, into: &observation)
      try expectAgreement(
        observation, golden.row("reset_obs", index), within: recorded.tolerance(after: 0) ?? 0,
        "observation of seed \(seed)")
      #expect(state.step == 0)
      #expect(state.physics[0] == 0)
    }
  }

  @Test("a reset without a seed goes on with the generator", arguments: Recorded.all)
  func unseeded(_ recorded: Recorded) throws {
    let golden = try recorded.golden
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    try simulator.reset(&state, in: scratch)
    #expect(try Array(simulator.qpos(state)) == golden.doubles("reset0_then_unseeded_qpos"))
    #expect(try Array(simulator.qvel(state)) == golden.doubles("reset0_then_unseeded_qvel"))
    #expect(state.seed == 0)
  }

  @Test("many seeds, and many resets of one, start where Gymnasium starts", arguments: Recorded.all)
  func many(_ recorded: Recorded) throws {
    let golden = try recorded.golden
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    func expect(_ state: EnvironmentState, _ name: String, _ index: Int) throws {
      #expect(try simulator.qpos(state) == golden.row("\(name)_qpos", index), "\(name) \(index)")
      #expect(try simulator.qvel(state) == golden.row("\(name)_qvel", index), "\(name) \(index)")
    }
    if golden.names.contains("resetmany_seed") {
      for (index, seed) in try golden.integers("resetmany_seed").enumerated() {
        try expect(simulator.reset(seed: UInt32(seed), in: scratch), "resetmany", index)
      }
    }
    if golden.names.contains("reset1_chain_qpos") {
      var state = try simulator.reset(seed: 1, in: scratch)
      for index in try 0..<golden.shape("reset1_chain_qpos")[0] {
        try simulator.reset(&state, in: scratch)
        try expect(state, "reset1_chain", index)
      }
    }
  }

  @Test("a used scratch leaves no trace in a reset", arguments: Recorded.all)
  func usedScratch(_ recorded: Recorded) throws {
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    let fresh = try simulator.reset(seed: 3, in: scratch)
    var other = try simulator.reset(seed: 4, in: scratch)
    let action = [Float](repeating: 1, count: simulator.spec.actionCount)
    for _ in 0..<20 { _ = try simulator.step(&other, action: action, in: scratch) }
    #expect(try simulator.reset(seed: 3, in: scratch) == fresh)
  }

  @Test("the observation in single precision is the rounded one", arguments: Recorded.all)
  func rounding(_ recorded: Recorded) throws {
    let simulator = try Simulator(recorded.environment)
    let state = try simulator.reset(seed: 1, in: simulator.makeScratch())
    var exact = [Double](repeating: 0, count: simulator.spec.observationCount)
    var rounded = [Float](repeating: 0, count: simulator.spec.observationCount)
    simulator.observe(state, into: &exact)
    simulator.observe(state, into: &rounded)
    #expect(rounded == exact.map { Float($0) })
    #expect(exact != rounded.map { Double($0) })
  }

  @Test("at the time limit the next episode starts, drawn from the same generator")
  func timeLimit() throws {
    let simulator = try Simulator(Locomotion.swimmer, timeLimit: 3)
    #expect(simulator.spec.timeLimit == 3)
    let scratch = try simulator.makeScratch()
    var expected = try simulator.reset(seed: 0, in: scratch)
    try simulator.reset(&expected, in: scratch)

    var state = try simulator.reset(seed: 0, in: scratch)
    var results: [StepResult] = []
    for _ in 0..<3 {
      results.append(try simulator.step(&state, action: [1, -1] as [Float], in: scratch))
    }
    #expect(results.map { $0.isTruncated } == [false, false, true])
    #expect(results.allSatisfy { $0.isSimulated && !$0.hasDiverged && !$0.isTerminated })
    #expect(state == expected)
    #expect(
      results[2].info("x_position") != state.qpos.first, "the position is the ended episode's")

    let next = try simulator.step(&state, action: [0, 0] as [Float], in: scratch)
    #expect(!next.hasEnded)
    #expect(state.step == 1)
  }
}
