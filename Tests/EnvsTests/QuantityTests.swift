import Envs
import Foundation
import Testing

/// What the model computes, for environments that declare it.
@Suite struct QuantityTests {
  private func swimmer(_ quantities: [ModelQuantity], _ count: Int) -> Locomotion {
    var environment = Locomotion.swimmer
    environment.observedQuantities = (quantities, count)
    return environment
  }

  /// The numbers that an environment declares, of a state.
  private func numbers(_ simulator: Simulator, _ state: EnvironmentState) -> [Double] {
    var observation = [Double](repeating: .nan, count: simulator.spec.observationCount)
    simulator.observe(state, into: &observation)
    return Array(observation[Locomotion.swimmer.spec.observationCount...])
  }

  @Test("after a reset they follow from the positions, after a step they lag behind them")
  func lag() throws {
    let names = ["torso", "mid"]
    let simulator = try Simulator(swimmer(names.map { .bodyPosition($0) } + [.massCentre], 9))
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 1, in: scratch)
    func distances() -> [Double] {
      let (q, found) = (state.qpos, numbers(simulator, state))
      let start = q.startIndex
      var angles = [q[start + 2]]
      for bend in 3...4 { angles.append(angles[bend - 3] + q[start + bend]) }
      func end(_ at: [Double], _ angle: Double, _ length: Double) -> [Double] {
        [at[0] + length * cos(angle), at[1] + length * sin(angle)]
      }
      let torso = [q[start], q[start + 1]]
      let mid = end(torso, angles[0], 0.5)
      let back = end(mid, angles[1], -1)
      // Three equal links of length 1.
      let middles = [
        end(torso, angles[0], 1), end(mid, angles[1], -0.5), end(back, angles[2], -0.5),
      ]
      let centre = (0..<2).map { axis in middles.reduce(0) { $0 + $1[axis] } / 3 }
      return zip([torso, mid, centre], [0, 3, 6]).map { place, offset in
        max(abs(place[0] - found[offset]), abs(place[1] - found[offset + 1]))
      }
    }
    #expect(distances().allSatisfy { $0 < 1e-12 })
    for _ in 0..<20 { _ = try simulator.step(&state, action: [1, -1] as [Float], in: scratch) }
    #expect(distances().allSatisfy { (1e-9..<1e-2).contains($0) })
  }

  @Test("a reward that reads one is the same after a save, and about the positions' own")
  func reward() throws {
    var environment = Locomotion.swimmer
    environment.place = .quantity(.bodyPosition("torso"))
    let simulator = try Simulator(environment, timeLimit: 50)
    let plain = try Simulator(Locomotion.swimmer, timeLimit: 50)
    let (scratch, other) = (try simulator.makeScratch(), try plain.makeScratch())
    var state = try simulator.reset(seed: 2, in: scratch)
    var twin = try plain.reset(seed: 2, in: other)
    for _ in 0..<60 {
      var copy = state
      let result = try simulator.step(&state, action: [1, -0.5] as [Float], in: scratch)
      let fresh = try simulator.makeScratch()
      #expect(try simulator.step(&copy, action: [1, -0.5] as [Float], in: fresh) == result)
      #expect(copy == state)
      let own = try plain.step(&twin, action: [1, -0.5] as [Float], in: other)
      #expect(abs(own.reward - result.reward) < 0.05 && own.reward != result.reward)
    }
  }

  @Test("contact forces are 0 after a reset and press upwards when the cheetah has landed")
  func contactForces() throws {
    var environment = Locomotion.halfCheetah
    environment.observedQuantities = (
      [.contactForces, .constraintForces, .actuatorForces, .bodyVelocities, .bodyInertias],
      6 * 8 + 9 + 9 + 6 * 8 + 10 * 8
    )
    let simulator = try Simulator(environment)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 1, in: scratch)
    var observation = [Double](repeating: .nan, count: simulator.spec.observationCount)
    simulator.observe(state, into: &observation)
    #expect(observation[17..<65].allSatisfy { $0 == 0 })
    for _ in 0..<100 {
      _ = try simulator.step(
        &state, action: [Float](repeating: 0.5, count: 6), in: scratch)
    }
    simulator.observe(state, into: &observation)
    let vertical = (0..<8).reduce(0) { $0 + observation[17 + 6 * $1 + 5] }
    #expect(abs(vertical) > 14 * 9.81 / 10, "it stands on its feet")
    // Motors of gears 120, 90, 60, 120, 60, 30 at half their strength, the root without any.
    #expect(Array(observation[74..<83]) == [0, 0, 0, 60, 45, 30, 60, 30, 15])
    let masses = (0..<8).reduce(0) { $0 + observation[131 + 10 * $1 + 9] }
    #expect(abs(masses - 14) < 1e-9)
    #expect(observation.allSatisfy { $0.isFinite })
  }

  @Test("a body or site that the model does not have is named", arguments: [true, false])
  func missing(isBody: Bool) throws {
    let quantity = isBody ? ModelQuantity.bodyPosition("tail") : .sitePosition("tail")
    let error = try #require(throws: EnvironmentError.self) {
      try Simulator(swimmer([quantity], 3))
    }
    #expect(
      error.description
        == "model of Swimmer-v4: Swimmer-v4 reads the \(isBody ? "body" : "site") 'tail', "
        + "which is not there")
  }
}
