import Statistics
import Testing

struct JackknifeTests {
  /// Of a mean the jackknife's error is the usual one, s/√n.
  @Test func ofAMean() throws {
    let jackknife = Jackknife(meanOf: [1, 2, 4, 9])
    #expect(jackknife.value == 4)
    #expect(jackknife.leftOut == [5, 14.0 / 3, 4, 7.0 / 3])
    // s² = (9 + 4 + 0 + 25) / 3.
    #expect(abs(try #require(jackknife.errorSquare) - 38.0 / 3 / 4) < 1e-14)
    #expect(abs(try #require(jackknife.standardError) - (38.0 / 12).squareRoot()) < 1e-14)
  }

  /// Of the square of a mean: (2 m)² s²/n but for what is of a higher order, and so twice as much where the
  /// spread is twice as wide.
  @Test func ofASquare() throws {
    func error(_ spread: Double) throws -> Double {
      let values = (0..<400).map { 10 + spread * (Double($0 % 20) - 9.5) / 9.5 }
      let mean = Jackknife(meanOf: values)
      let square = Jackknife(mean.value * mean.value, leftOut: mean.leftOut.map { $0 * $0 })
      #expect(
        abs(try #require(square.standardError) / (20 * #require(mean.standardError)) - 1) < 1e-4)
      return try #require(square.standardError)
    }
    #expect(abs(try error(0.2) / error(0.1) - 2) < 1e-4)
  }

  @Test func oneSampleHasNoError() {
    #expect(Jackknife(meanOf: [3]).value == 3)
    #expect(Jackknife(meanOf: [3]).standardError == nil)
    #expect(Jackknife(3, leftOut: []).standardError == nil)
  }
}
