import Envs
import TestSupport
import Testing

/// What each parameter of a locomotion environment does.
@Suite struct LocomotionTests {
  @Test("the outcome is the formula's")
  func formula() throws {
    let environment = Locomotion.everything
    let simulator = try Simulator(environment)
    #expect(simulator.spec.rewardNames == ["forward", "healthy", "control", "contact"])
    var random = SplitMix(state: 5)
    var unhealthy = 0
    for _ in 0..<100 {
      let batch = Batch(simulator, &random)
      func values(_ name: String) throws -> [Double] {
        try #require(batch.rows[name]).map { $0[3] }
      }
      let outcome = batch.withTransition(lane: 3) { environment.outcomeAlone(of: $0) }
      let (before, after) = try (values("before computed"), values("after computed"))
      let velocity = (0..<2).map { (after[$0] - before[$0]) / 0.05 }
      let cost = try 0.3 * values("action").reduce(0) { $0 + $1 * $1 }
      // The last 48 are contact forces.
      let contacts = after.suffix(48).map { min(max($0, -0.4), 0.6) }
      let contactCost = 0.2 * sumAsNumPy(48) { contacts[$0] * contacts[$0] }
      #expect(outcome.reward == (1.25 * velocity[0] + 0.7) - (cost + contactCost))
      let distance = (after[0] * after[0] + after[1] * after[1]).squareRoot()
      let expected = [
        1.25 * velocity[0], 0.7, -cost, after[0], after[1], velocity[0], velocity[1], distance,
        -contactCost,
      ]
      #expect(expected.indices.allSatisfy { outcome.infos[$0] == expected[$0] })
      #expect((0..<3).allSatisfy { outcome.rewardTerms[$0] == expected[$0] })
      #expect(outcome.rewardTerms[3] == -contactCost)
      let (qpos, qvel) = try (values("after qpos"), values("after qvel"))
      let isHealthy =
        abs(qpos[1]) <= 0.8 && abs(qvel[0]) < 0.9 && abs(qvel[1]) < 0.9
        && (qpos[7...] + qvel).allSatisfy { -0.98 < $0 }
      #expect(outcome.isTerminated == !isHealthy)
      unhealthy += isHealthy ? 0 : 1

      var observation = [Double](repeating: .nan, count: simulator.spec.observationCount)
      batch.withState(lane: 3) { state in
        var span = observation.mutableSpan
        environment.observeAlone(state, into: &span)
      }
      // All positions, velocities cut off, what is not the place, contacts cut off.
      #expect(
        observation == qpos + qvel.map { min(max($0, -0.5), 0.5) } + after[3..<15] + contacts)
    }
    #expect(unhealthy > 10 && unhealthy < 90)
  }

  /// Gymnasium pays the healthy reward wherever being unhealthy would end the episode.
  @Test("an unhealthy state ends the episode or earns nothing for it", arguments: [true, false])
  func unhealthy(terminates: Bool) throws {
    var environment = Locomotion.halfCheetah
    environment.healthyReward = 5
    environment.healthyRanges = [StateRange(.positions(1..<2), from: -0.1, to: 9)]
    environment.terminatesWhenUnhealthy = terminates
    let simulator = try Simulator(environment)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    state.physics[2] = 0.5
    let action = [Float](repeating: 0, count: 6)
    let healthy = try simulator.step(&state, action: action, in: scratch)
    #expect(healthy.rewardTerm("healthy") == 5 && !healthy.isTerminated)
    state.physics[2] = -0.3
    let result = try simulator.step(&state, action: action, in: scratch)
    #expect(result.rewardTerm("healthy") == (terminates ? 5 : 0))
    #expect(result.isTerminated == terminates && state.hasEnded == terminates)
  }

  @Test("ranges are open or closed, and what is not finite is in none")
  func ranges() throws {
    let cases: [(value: Double, isOpen: Bool, isClosed: Bool)] = [
      (0.2, false, true), (0.5, true, true), (1, false, true), (1.5, false, false),
      (0.1, false, false), (.nan, false, false), (-.infinity, false, false),
    ]
    for (value, isOpen, isClosed) in cases {
      for (includesEnds, expected) in [(false, isOpen), (true, isClosed)] {
        var environment = Locomotion.swimmer
        environment.healthyRanges = [
          StateRange(.velocities(2..<3), from: 0.2, to: 1, includesEnds: includesEnds)
        ]
        var row = [Double](repeating: 0, count: 5)
        row[2] = value
        let isTerminated = row.withUnsafeBufferPointer {
          let values = StateRow($0.baseAddress, count: 5)
          let view = StateView(
            qpos: values, qvel: values, computed: StateRow<Double>(nil, count: 0))
          return environment.outcomeAlone(
            of: Transition(
              from: view, to: view, action: values, squaredAction: 0, duration: 1)
          ).isTerminated
        }
        #expect(isTerminated == !expected, "\(value), \(includesEnds)")
      }
    }
  }

  @Test("the noise of a reset is scaled, and of either kind")
  func noise() throws {
    var environment = Locomotion.swimmer
    environment.resetNoiseScale = 0
    let simulator = try Simulator(environment)
    let still = try simulator.reset(seed: 3, in: simulator.makeScratch())
    #expect((still.qpos + still.qvel).allSatisfy { $0 == 0 })
    environment.resetNoiseScale = 0.2
    let wide = try Simulator(environment)
    let scaled = try wide.reset(seed: 3, in: wide.makeScratch())
    let own = try Simulator(Locomotion.swimmer)
    let usual = try own.reset(seed: 3, in: own.makeScratch())
    for (a, b) in zip(scaled.qpos + scaled.qvel, usual.qpos + usual.qvel) {
      #expect(abs(a - 2 * b) < 1e-15)
    }
    environment.resetVelocityNoise = .normal
    let normal = try Simulator(environment)
    let drawn = try normal.reset(seed: 3, in: normal.makeScratch())
    #expect(drawn.qpos == scaled.qpos && drawn.qvel != scaled.qvel)
  }
}
