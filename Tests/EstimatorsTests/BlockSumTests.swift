import Randomness
import Testing

@testable import Estimators

struct BlockSumTests {
  /// Two blocks of particles, whose direction changes once in the window, and the sum step by step.
  @Test(arguments: [(10, 900, 120), (40, 3, 9000), (30, 700, 60)])
  func gradientIsTheSameForAnyThreads(_ particles: Int, _ steps: Int, _ count: Int) {
    let numbers = { (seed: UInt64, count: Int) in PRNGKey(seed: seed).normal(count) }
    var sums: [BlockSum] = []
    var directions: [Directions] = []
    var expected = [Float](repeating: 0, count: steps * count)
    for block in 0..<2 {
      var sum = BlockSum(particleCount: particles)
      var noted = Directions(particleCount: particles)
      var rows: [[Float]] = []
      for particle in 0..<particles {
        let seed = UInt64(block * particles + particle)
        let multipliers = numbers(3 * seed, steps)
        rows.append(multipliers)
        let change = steps / 2
        let two = [numbers(3 * seed + 1, count), numbers(3 * seed + 2, count)]
        noted.use(two[0], for: particle)
        noted.use(two[1], for: particle, from: change)
        for step in 0..<steps {
          let direction = two[step < change ? 0 : 1]
          for index in 0..<count {
            expected[step * count + index] += multipliers[step] * direction[index]
          }
        }
      }
      for step in 0..<steps { sum.add(rows.map { $0[step] }) }
      sums.append(sum)
      directions.append(noted)
    }
    let gradient = (0..<count).map { index in
      (0..<steps).reduce(Float(0)) { $0 + expected[$1 * count + index] }
    }
    for threads in [1, 2, 5, 64] {
      let found = sums.gradient(of: 0..<2, directions, count: count, threads: threads)
      #expect(found.map(\.bitPattern) == gradient.map(\.bitPattern), "\(threads) threads")
    }
  }
}
