import Randomness
import Testing

@testable import Statistics

/// Against numbers of NumPy, SciPy and rliable's definitions.
struct StatisticsTests {
  private let values = [3.0, -1.5, 8.25, 0.5, 4.75, 2.0, 9.0]

  @Test func quantilesAreNumPys() {
    let shares = [0, 0.025, 0.25, 0.5, 0.9, 1]
    #expect(shares.map { quantile($0, of: values) } == [-1.5, -1.2, 1.25, 3.0, 8.55, 9.0])
    #expect(median([1, 2, 3, 10]) == 2.5)
    #expect(quantile(0.3, of: [7]) == 7)
  }

  @Test func interquartileMeanIsSciPys() {
    #expect(interquartileMean(values) == 3.7)
    #expect(interquartileMean([1, 2, 3]) == 2)
    #expect(interquartileMean([100, 1, 2, 3]) == 2.5)
  }

  @Test func probabilityIsMannWhitneys() {
    let others = [0.5, 4.0, 3.0]
    #expect(abs(probabilityOfImprovement(values, over: others) - 0.5714285714285714) < 1e-15)
    #expect(probabilityOfImprovement([2], over: [1]) == 1)
    #expect(probabilityOfImprovement([1, 1], over: [1, 1]) == 0.5)
    // Either is better, or the other is.
    let both =
      probabilityOfImprovement(values, over: others)
      + probabilityOfImprovement(others, over: values)
    #expect(abs(both - 1) < 1e-15)
  }

  /// The bootstrap's interval of a mean is near that of the central limit theorem, and the same each time.
  @Test func bootstrapOfTheMean() throws {
    let values = PRNGKey(seed: 1).normal(400).map { Double($0) }
    let bootstrap = Bootstrap(resamples: 4000)
    let interval = try #require(bootstrap.interval(of: [values]) { mean($0[0]) })
    let center = mean(values)
    let deviation =
      (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 400).squareRoot() / 20
    #expect(abs(interval.lowerBound - (center - 1.96 * deviation)) < 0.15 * deviation)
    #expect(abs(interval.upperBound - (center + 1.96 * deviation)) < 0.15 * deviation)
    #expect(bootstrap.interval(of: [values]) { mean($0[0]) } == interval)
    let other = Bootstrap(resamples: 4000, seed: 1).interval(of: [values]) { mean($0[0]) }
    #expect(other != interval)
  }

  /// Of two values the mean of what is drawn is either, or theirs, a quarter of the time each way.
  @Test func bootstrapOfTwoValues() {
    let bootstrap = Bootstrap(level: 0.6)
    #expect(bootstrap.interval(of: [[0, 1]]) { mean($0[0]) } == 0...1)
    #expect(Bootstrap(level: 0.4).interval(of: [[0, 1]]) { mean($0[0]) } == 0.5...0.5)
  }

  /// A value of one group is never drawn for another.
  @Test func groupsStayApart() {
    let interval = Bootstrap(resamples: 200).interval(of: [[1, 2], [10, 20]]) { groups in
      groups[0].allSatisfy { $0 < 3 } && groups[1].allSatisfy { $0 > 9 } ? 1 : 0
    }
    #expect(interval == 1...1)
  }

  @Test func oneValueHasNoInterval() {
    #expect(Bootstrap().interval(of: [[1, 2], [3]]) { mean($0[1]) } == nil)
  }
}
