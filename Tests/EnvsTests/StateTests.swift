import Envs
import Foundation
import Testing

@Suite struct StateTests {
  /// Steps with actions that depend on the step alone.
  private func run(
    _ simulator: Simulator, _ state: inout EnvironmentState, steps: Int, in scratch: Scratch
  ) throws -> [Double] {
    try (0..<steps).map { _ in
      let phase = Float(state.step)
      let action = (0..<simulator.spec.actionCount).map { Float.sin(0.3 * phase + Float($0)) }
      return try simulator.step(&state, action: action, in: scratch).reward
    }
  }

  @Test("a copy continued in another scratch gives the same numbers", arguments: Recorded.all)
  func copy(_ recorded: Recorded) throws {
    let simulator = try Simulator(recorded.environment, timeLimit: 120)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 5, in: scratch)
    _ = try run(simulator, &state, steps: 50, in: scratch)
    var copy = state
    let rewards = try run(simulator, &state, steps: 150, in: scratch)

    // The other scratch comes from another trajectory, and another simulator of the model.
    let other = try Simulator(recorded.environment, timeLimit: 120)
    let otherScratch = try other.makeScratch()
    var distraction = try other.reset(seed: 99, in: otherScratch)
    _ = try run(other, &distraction, steps: 33, in: otherScratch)
    #expect(try run(other, &copy, steps: 150, in: otherScratch) == rewards)
    #expect(copy == state)
  }

  @Test("a state written to disk and read again gives the same numbers", arguments: Recorded.all)
  func codable(_ recorded: Recorded) throws {
    let simulator = try Simulator(recorded.environment)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 8, in: scratch)
    _ = try run(simulator, &state, steps: 10, in: scratch)
    let data = try JSONEncoder().encode(state)
    var read = try JSONDecoder().decode(EnvironmentState.self, from: data)
    #expect(read == state)
    #expect(
      try run(simulator, &read, steps: 10, in: scratch)
        == run(simulator, &state, steps: 10, in: scratch))
  }

  @Test("two states interleaved in one scratch are as in two", arguments: Recorded.all)
  func interleaved(_ recorded: Recorded) throws {
    let simulator = try Simulator(recorded.environment)
    let scratches = try [simulator.makeScratch(), simulator.makeScratch()]
    var apart = try scratches.enumerated().map {
      try simulator.reset(seed: UInt32($0.offset), in: $0.element)
    }
    var shared = apart
    for _ in 0..<60 {
      for index in 0..<2 {
        _ = try run(simulator, &apart[index], steps: 1, in: scratches[index])
        _ = try run(simulator, &shared[index], steps: 1, in: scratches[0])
      }
    }
    #expect(shared == apart)
  }
}

extension Float {
  fileprivate static func sin(_ x: Float) -> Float { Float(Foundation.sin(Double(x))) }
}
