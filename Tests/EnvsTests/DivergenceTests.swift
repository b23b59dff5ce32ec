import Envs
import Foundation
import Randomness
import Testing

@Suite struct DivergenceTests {
  /// Ways to lose a simulation, and what the error then says.
  static let causes: [(damage: Double, index: Int, cause: String)] = [
    (.nan, 1, "bad positions"),
    (1e12, 1, "bad positions"),
    (.infinity, 6, "bad velocities"),
    (1e9, 8, "bad"),
  ]

  @Test("lost simulations are reported with environment, seed and step", arguments: causes)
  func fails(damage: Double, index: Int, cause: String) throws {
    let simulator = try Simulator(Locomotion.swimmer)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 17, in: scratch)
    _ = try simulator.step(&state, action: [1, 1] as [Float], in: scratch)
    state.physics[index] = damage
    let before = state.physics.map { $0.bitPattern }
    let error = try #require(throws: EnvironmentError.self) {
      for _ in 0..<20 { _ = try simulator.step(&state, action: [1, 1] as [Float], in: scratch) }
    }
    guard case .diverged("Swimmer-v4", 17, let step, let found) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(step == state.step + 1)
    #expect(found.hasPrefix(cause) || cause == "bad", "\(found)")
    #expect(error.description.contains("--on-divergence reset"))
    #expect(!error.description.contains("\n"))
    if state.step == 1 { #expect(state.physics.map { $0.bitPattern } == before) }

    // The scratch serves the next state as if nothing had happened.
    let fresh = try simulator.makeScratch()
    var first = try simulator.reset(seed: 2, in: scratch)
    var second = try simulator.reset(seed: 2, in: fresh)
    _ = try simulator.step(&first, action: [1, 0] as [Float], in: scratch)
    _ = try simulator.step(&second, action: [1, 0] as [Float], in: fresh)
    #expect(first == second)
  }

  @Test("an action that is not finite is divergence", arguments: [Float.nan, .infinity, 1e30])
  func action(value: Float) throws {
    let simulator = try Simulator(Locomotion.halfCheetah)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 4, in: scratch)
    let before = state
    #expect(
      throws: EnvironmentError.diverged(
        environment: "HalfCheetah-v4", seed: 4, step: 1,
        cause: "an action is not finite or too large")
    ) {
      try simulator.step(&state, action: [0, 0, 0, value, 0, 0], in: scratch)
    }
    #expect(state == before)
  }

  @Test("a double-precision action that is not finite is divergence too")
  func doubleAction() throws {
    let simulator = try Simulator(Locomotion.swimmer)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 4, in: scratch)
    #expect(throws: EnvironmentError.self) {
      try simulator.step(&state, action: [0, -Double.infinity], in: scratch)
    }
  }

  @Test("with the policy to reset, divergence ends the episode, which the time limit ends for good")
  func resets() throws {
    let simulator = try Simulator(Locomotion.swimmer, timeLimit: 6, onDivergence: .reset)
    let scratch = try simulator.makeScratch()
    var next = try simulator.reset(seed: 6, in: scratch)
    var state = next
    try simulator.reset(&next, in: scratch)

    let good = try simulator.step(&state, action: [1, 1] as [Float], in: scratch)
    #expect(!good.hasEnded && good.isSimulated && !state.hasEnded)
    state.physics[6] = 1e200
    let last = state
    let result = try simulator.step(&state, action: [1, 1] as [Float], in: scratch)
    #expect(result.hasDiverged && result.isSimulated && !result.isTerminated && !result.isTruncated)
    #expect(result.reward == 0 && result.rewardTerms.allSatisfy { $0.value == 0 })
    #expect(result.info("x_position") == last.physics[1])
    #expect(state.hasEnded && state.step == 2 && state.physics == last.physics)

    for step in 3...6 {
      // Not even an action that is not finite is looked at.
      let result = try simulator.step(&state, action: [.nan, 0] as [Float], in: scratch)
      #expect(result.reward == 0 && !result.isSimulated && !result.hasDiverged)
      #expect(result.isTruncated == (step == 6) && state.hasEnded == (step < 6))
    }
    #expect(state == next)
  }

  @Test("an action that is not finite ends the episode too, at the time limit at once")
  func resetsAtTheTimeLimit() throws {
    let simulator = try Simulator(Locomotion.swimmer, timeLimit: 2, onDivergence: .reset)
    let scratch = try simulator.makeScratch()
    var next = try simulator.reset(seed: 6, in: scratch)
    var state = next
    try simulator.reset(&next, in: scratch)
    _ = try simulator.step(&state, action: [1, 1] as [Float], in: scratch)
    let result = try simulator.step(&state, action: [.nan, 0] as [Float], in: scratch)
    #expect(result.hasDiverged && result.isTruncated && result.reward == 0)
    #expect(state == next)
  }

  @Test("numbers lost in the last simulation step, which MuJoCo would notice in the next")
  func lastStep() throws {
    // One simulation step a step, far too long a one.
    var rushed = Locomotion.swimmer
    rushed.id = "rushed"
    rushed.frameSkip = 1
    rushed.model = Array(
      String(decoding: rushed.model, as: UTF8.self)
        .replacing(#"timestep="0.01""#, with: #"timestep="1e200""#).utf8)
    let simulator = try Simulator(rushed)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    #expect(
      throws: EnvironmentError.diverged(
        environment: "rushed", seed: 0, step: 1, cause: "the state is not finite")
    ) {
      try simulator.step(&state, action: [1, 1] as [Float], in: scratch)
    }
  }

  @Test("overflowing contact buffers are divergence")
  func contacts() throws {
    let text = String(decoding: Locomotion.halfCheetah.model, as: UTF8.self)
    let small = text.replacing(#"nconmax="20""#, with: #"nconmax="1""#)
    #expect(small != text)
    guard Recorded.isExact else { return }  // MuJoCo 3 keeps contacts in an arena.
    try withModel(small) { path in
      let simulator = try Simulator(Locomotion.halfCheetah, modelPath: path)
      let scratch = try simulator.makeScratch()
      var state = try simulator.reset(seed: 0, in: scratch)
      let error = try #require(throws: EnvironmentError.self) {
        for _ in 0..<200 {
          _ = try simulator.step(&state, action: [Float](repeating: 0, count: 6), in: scratch)
        }
      }
      #expect(error.description.contains("too many contacts"))
    }
  }

  @Test("an error inside MuJoCo comes back as an error, and the scratch stays usable")
  func error() throws {
    // Running out of stack is one of MuJoCo's fatal errors. Of the stacks that suffice to compile
    // the model the smallest is too small once the feet touch the floor.
    let text = String(decoding: Locomotion.halfCheetah.model, as: UTF8.self)
    let attribute = Recorded.isExact ? "nstack" : "memory"
    let simulators = stride(from: 100, through: 20_000, by: 100).lazy.compactMap { size in
      let small = text.replacing(
        #"njmax="120" nconmax="20""#, with: #"\#(attribute)="\#(size)""#)
      return try? withModel(small) { try Simulator(Locomotion.halfCheetah, modelPath: $0) }
    }
    let simulator = try #require(simulators.first { _ in true })
    let scratch = try simulator.makeScratch()
    let action = [Float](repeating: 0, count: 6)
    var failures: [Int] = []
    for _ in 0..<3 {
      var steps = 0
      let error = try #require(throws: EnvironmentError.self) {
        var state = try simulator.reset(seed: 0, in: scratch)
        while steps < 100 {
          _ = try simulator.step(&state, action: action, in: scratch)
          steps += 1
        }
      }
      if Recorded.isExact {  // Some versions first run out of room for contacts.
        #expect(error.description == "HalfCheetah-v4: MuJoCo failed: Stack overflow")
      }
      #expect(!error.description.contains("\n"))
      failures.append(steps)
    }
    #expect(Set(failures).count == 1, "each try fails at the same step")
  }

  @Test("MuJoCo writes no log")
  func log() throws {
    let log = URL(filePath: FileManager.default.currentDirectoryPath)
      .appending(path: "MUJOCO_LOG.TXT")
    try? FileManager.default.removeItem(at: log)
    let simulator = try Simulator(Locomotion.swimmer)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    state.physics[1] = .nan
    #expect(throws: EnvironmentError.self) {
      try simulator.step(&state, action: [0, 0] as [Float], in: scratch)
    }
    #expect(!FileManager.default.fileExists(atPath: log.path))
  }
}
