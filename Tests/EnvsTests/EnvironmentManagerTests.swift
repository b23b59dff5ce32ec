import Envs
import Testing

@Suite struct EnvironmentManagerTests {
  /// A policy that looks at the observation and at the environment's index.
  @Sendable static func policy(index: Int, observation: [Float], action: inout [Float]) {
    for offset in action.indices {
      action[offset] = observation[offset + 1] - Float(index % 3) * 0.2
    }
  }

  @Test("any number of threads gives the same numbers", arguments: Recorded.all)
  func threads(_ recorded: Recorded) throws {
    var runs: [(results: [[StepResult]], states: [EnvironmentState], observations: [Float])] = []
    for threads in [1, 2, 5, 64] {
      let manager = try EnvironmentManager(
        recorded.environment, count: 7, seed: 20, threads: threads, timeLimit: 15,
        earlyEnd: .isAbsorbing)
      var results = try manager.unroll(steps: 10, policy: Self.policy)
      for (index, more) in try manager.unroll(steps: 13, policy: Self.policy).enumerated() {
        results[index] += more
      }
      runs.append((results, manager.states, manager.observations))
    }
    for run in runs.dropFirst() {
      #expect(run.results == runs[0].results)
      #expect(run.states == runs[0].states)
      #expect(run.observations == runs[0].observations)
    }
    #expect(
      runs[0].results.allSatisfy { $0.count { $0.isTruncated } == 1 && $0[14].isTruncated })
    #expect(runs[0].states.map { $0.step } == Array(repeating: 23 - 15, count: 7))
    #expect(runs[0].states.map { $0.seed } == Array(20..<27))
  }

  @Test("environment i is the simulation of seed + i", arguments: Recorded.all)
  func seeds(_ recorded: Recorded) throws {
    let manager = try EnvironmentManager(
      recorded.environment, count: 3, seed: 5, threads: 2, earlyEnd: .isAbsorbing)
    let unrolled = try manager.unroll(steps: 8, policy: Self.policy)
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    for index in 0..<3 {
      var state = try simulator.reset(seed: 5 + UInt32(index), in: scratch)
      var observation = [Float](repeating: 0, count: simulator.spec.observationCount)
      var action = [Float](repeating: 0, count: simulator.spec.actionCount)
      for step in 0..<8 {
        simulator.observe(state, into: &observation)
        Self.policy(index: index, observation: observation, action: &action)
        #expect(
          try simulator.step(&state, action: action, in: scratch) == unrolled[index][step])
      }
      #expect(state == manager.states[index])
      simulator.observe(state, into: &observation)
      let count = observation.count
      #expect(Array(manager.observations[index * count..<(index + 1) * count]) == observation)
    }
  }

  @Test("stepping by given actions is unrolling one step")
  func step() throws {
    let first = try EnvironmentManager(Locomotion.swimmer, count: 4, seed: 0, threads: 2)
    let second = try EnvironmentManager(Locomotion.swimmer, count: 4, seed: 0)
    let actions = (0..<8).map { Float($0) / 8 }
    let results = try first.step(actions)
    let unrolled = try second.unroll(steps: 1) { index, _, action in
      action = [Float(2 * index) / 8, Float(2 * index + 1) / 8]
    }
    #expect(results == unrolled.map { $0[0] })
    #expect(first.states == second.states)
  }

  @Test("the first environment that fails is the one reported", arguments: [1, 3])
  func failure(threads: Int) throws {
    let manager = try EnvironmentManager(Locomotion.swimmer, count: 6, seed: 100, threads: threads)
    let error = try #require(throws: EnvironmentError.self) {
      try manager.unroll(steps: 4) { index, _, action in
        action = [index % 3 == 2 ? .nan : 0, 0]
      }
    }
    guard case .diverged("Swimmer-v4", 102, 1, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(manager.states.map { $0.step } == [4, 4, 0, 4, 4, 0])
  }
}
