import Randomness
import Testing
import Unrolls

struct EpisodeStartTests {
  @Test func beginningIsStepZero() {
    #expect(
      (0..<20).allSatisfy { EpisodeStart.beginning.step(key: PRNGKey(seed: $0), horizon: 9) == 0 })
  }

  /// Also where W does not divide T: the last start is then less than W from the end.
  @Test(arguments: [(8, 2), (10, 4), (9, 1), (5, 5), (5, 7), (1, 1)])
  func randomStartsAreTheWindowBoundaries(_ horizon: Int, _ windowLength: Int) {
    let start = EpisodeStart.random(windowLength: windowLength)
    let steps = (0..<200).map { start.step(key: PRNGKey(seed: $0), horizon: horizon) }
    #expect(Set(steps) == Set(stride(from: 0, to: horizon, by: windowLength)))
  }

  /// jax.random.randint(key, (), 0, ceil(T / W)) · W.
  @Test func aStartIsOneDrawOfTheKey() {
    for seed in 0..<20 as Range<UInt64> {
      let key = PRNGKey(seed: seed)
      let step = EpisodeStart.random(windowLength: 4).step(key: key, horizon: 10)
      #expect(step == Int(key.randomInteger(in: 0..<3)) * 4)
    }
  }

  @Test func aStepKeyIsItsParticlesRow() {
    let shared = PRNGKey(seed: 3)
    for particle in 0..<5 {
      let key = StepKey(shared: shared, particle: particle, particleCount: 5).derive()
      #expect(key == shared.split(5)[particle])
    }
  }
}
