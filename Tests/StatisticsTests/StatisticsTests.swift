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

  /// SciPy's `stats.t.ppf`.
  @Test(arguments: [
    (1, [-12.706204736174705, 0.32491969623290634, 3.0776835371752544, 636.6192487687897]),
    (2, [-4.302652729749464, 0.2886751345948128, 1.8856180831641272, 31.599054576445365]),
    (3, [-3.1824463052837086, 0.2766706623326898, 1.637744353696209, 12.923978636687961]),
    (4, [-2.7764451051977943, 0.2707222947075976, 1.533206274058944, 8.610301581379522]),
    (9, [-2.2621571627982053, 0.260955336473911, 1.3830287383966329, 4.780912585931217]),
    (30, [-2.042272456301238, 0.2556053649519128, 1.3104150253913955, 3.6459586350420627]),
  ])
  func studentsDistributionIsSciPys(_ degrees: Int, _ expected: [Double]) {
    for (part, value) in zip([0.025, 0.6, 0.9, 0.9995], expected) {
      #expect(abs(studentT(part, degrees: degrees) / value - 1) < 1e-12)
    }
  }

  /// SciPy's `stats.sem` and `stats.t.interval`, NumPy's percentiles.
  @Test func bandsAreSciPys() throws {
    #expect(abs(standardError(of: values) - 1.468345128015204) < 1e-14)
    let confidence = try #require(Band.confidence.summary(of: values).interval)
    #expect(abs(confidence.lowerBound - 0.121374618974321) < 1e-12)
    #expect(abs(confidence.upperBound - 7.307196809597108) < 1e-12)
    #expect(Band.quartiles.summary(of: values) == Summary(3, 1.25...6.5))
    let range = Band.range.summary(of: values)
    #expect(range.middle == mean(values) && range.interval == -1.5...9)
    let bootstrap = try #require(Band.bootstrap.summary(of: values).interval)
    // Narrower than Student's, which allows for the deviation being unknown.
    #expect(confidence.lowerBound < bootstrap.lowerBound)
    #expect(bootstrap.upperBound < confidence.upperBound && bootstrap.contains(mean(values)))
  }

  @Test(arguments: Band.allCases)
  func nothingIsSaidOfOneValueOrOfNone(_ band: Band) {
    #expect(band.summary(of: [4]) == Summary(4))
    #expect(band.summary(of: [4, .nan]).interval == nil)
    #expect(band.summary(of: [4, .infinity]).interval == nil)
  }

  @Test func whatIsNotFiniteIsNoTrap() {
    #expect(median([1, 2, 3, .infinity]) == 2.5 && median([1, .infinity]) == .infinity)
    #expect(quantile(0.9, of: [1, .infinity]) == .infinity)
    #expect(quantile(0.9, of: [-.infinity, 1]) == -.infinity)
    #expect(Bootstrap(resamples: 50).interval(of: [[1, .nan]]) { mean($0[0]) } == nil)
    let places = Bootstrap(resamples: 200).interval(of: [[1, 2, .infinity]]) { median($0[0]) }
    #expect(places == 1...(.infinity))
  }
}
