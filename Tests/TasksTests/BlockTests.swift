import Parameters
import Randomness
import Testing
import Unrolls

@testable import Differentiation
@testable import Tasks

/// Particles of a dynamical system side by side.
struct BlockTests {
  static let systems: [any DynamicalSystem] =
    [Lorenz(start: .gaussian), Pendulum()] + (0..<4).map { QuadraticSystem(seed: $0) }

  @Test("a block's particles have the bits that they have alone", arguments: systems, [1, 2, 16])
  func blocks(_ system: any DynamicalSystem, _ count: Int) throws {
    try check(system, count, steps: 20)
  }

  private func check(_ system: some DynamicalSystem, _ count: Int, steps: Int) throws {
    let shared = PRNGKey(seed: 1).split(steps)
    let keys = StepKeys(shared: shared, particleCount: count)
    var scratch = try system.makeScratch()
    let theta = try system.initialParameters(key: shared[0])
    let thetas = (0..<count).map { particle in theta.map { $0 + 0.01 * Float(particle) } }
    let starts = try (0..<count).map {
      try system.start(
        theta: theta, key: PRNGKey(seed: 2).split(count, at: $0), at: .beginning, in: &scratch)
    }
    var states = starts
    var losses = [Float](repeating: 0, count: steps * 16)
    try system.unroll(
      &states, thetas: thetas, steps: steps, keys: keys, particles: Array(0..<count),
      losses: &losses, in: &scratch)
    for particle in 0..<count {
      var state = starts[particle]
      for step in 0..<steps {
        let outcome = try system.advance(
          &state, theta: thetas[particle], key: keys.key(step: step, particle: particle),
          in: &scratch)
        #expect(!outcome.isDone)
        #expect(losses[16 * step + particle].bitPattern == outcome.loss.bitPattern)
      }
      #expect(state == states[particle])
    }
  }

  @Test("an episode's end is the next one's start")
  func episodesEnd() throws {
    let system = QuadraticSystem(seed: 1, horizon: 3)
    var scratch = system.makeScratch()
    let theta = system.initialParameters(key: PRNGKey(seed: 0))
    var state = DynamicalState(values: [0.1, 0.2, 0.3], step: 2)
    var other = state
    let key = StepKey(shared: PRNGKey(seed: 4), particle: 2, particleCount: 5)
    let outcome = try system.advance(&state, theta: theta, key: key, in: &scratch)
    #expect(outcome.isDone)
    let reset = PRNGKey(seed: 4).split(5)[2].split(3)[2]
    #expect(state == DynamicalState(values: system.initialValues(key: reset), step: 0))
    system.restart(&other, theta: theta, key: key, in: &scratch)
    #expect(other == state)
  }

  @Test("memory stays what it is", arguments: [1, 16])
  func memory(_ count: Int) throws {
    let system = QuadraticSystem(seed: 1, horizon: 1_000_000)
    var scratch = system.makeScratch()
    let theta = system.initialParameters(key: PRNGKey(seed: 0))
    let keys = StepKeys(shared: [], particleCount: count)
    var states = Array(repeating: DynamicalState(values: [0.1, 0.2, 0.3], step: 0), count: count)
    func window(_ steps: Int) -> [Int] {
      var losses = [Float](repeating: 0, count: steps * 16)
      var gradients = [Float](repeating: 0, count: theta.count * count)
      system.pullBack(
        &states, theta: theta, steps: steps, keys: keys, particles: Array(0..<count),
        losses: &losses, gradients: &gradients, in: &scratch)
      return [
        scratch.blocks.history.capacity, scratch.blocks.tape.storage.pointee.capacity,
        scratch.singles.history.capacity, scratch.singles.tape.storage.pointee.capacity,
      ]
    }
    let first = window(5)
    for steps in 0..<1000 { #expect(window(1 + steps % 5) == first) }
    #expect(states.allSatisfy { $0.step == 3005 })
  }
}
