import Testing

@testable import Benchmarks

struct LearnedOptimizerBenchmarkTests {
  @Test("a measurement says what it measured", arguments: 0..<7)
  func measurement(index: Int) throws {
    var measured = LearnedOptimizerBenchmark.cases(threads: 2)[index]
    measured.particleCount = min(measured.particleCount, 2)
    if measured.horizon == measured.windowLength {
      (measured.horizon, measured.windowLength) = (3, 3)
    }
    let result = try LearnedOptimizerBenchmark(measured).run(windows: 2)
    #expect(result.measured == measured && result.windows == 2 && result.peak.threads == 2)
    #expect(0 < result.least && result.least <= result.seconds && result.seconds <= result.most)
    #expect(result.share > 0 && result.gigaflops.isFinite)
  }

  @Test("the cases are all there")
  func cases() { #expect(LearnedOptimizerBenchmark.cases(threads: 1).count == 7) }
}
