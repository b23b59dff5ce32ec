import Testing

@testable import Envs

/// Replays side by side, held to steps of one environment alone.
@Suite struct LaneReplayTests {
  @Test func hasTheStatesOfStepsAlone() throws {
    // Simulators of one text count together: this one is the test's alone.
    var environment = Locomotion.halfCheetah
    environment.model += Array("<!-- replayed -->".utf8)
    let simulator = try Simulator(environment)
    guard let lanes = try simulator.makeLaneScratch(laneCount: 8) else { return }
    let scratch = try simulator.makeScratch()
    var states = try (0..<3).map { try simulator.reset(seed: $0, in: scratch) }
    // A torso upright on the floor, which is left to MuJoCo.
    states[1].physics[2] = -0.2
    states[1].physics[3] = .pi / 2
    var alone = states
    var controls = [Double](repeating: 0, count: 4 * 6 * 8)
    for step in 0..<4 {
      for lane in alone.indices {
        let action = (0..<6).map { 0.1 * Double(step + lane) - 0.2 * Double($0) }
        for index in 0..<6 { controls[(step * 6 + index) * 8 + lane] = action[index] }
        _ = try simulator.step(&alone[lane], action: action, in: scratch)
      }
    }
    try lanes.replay(&states, controls: controls)
    #expect(states.map(\.physics) == alone.map(\.physics))
    #expect(1...4 ~= simulator.exceptionCount, "\(simulator.exceptionCount)")
  }
}
