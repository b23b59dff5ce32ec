import Benchmarks
import Testing

struct LorenzBenchmarkTests {
  @Test("a measurement says what it measured", arguments: 0..<9)
  func measurement(index: Int) throws {
    var measured = LorenzBenchmark.cases(threads: 2)[index]
    measured.particleCount = min(measured.particleCount, 3)
    let result = try LorenzBenchmark(measured).run(windows: 3)
    #expect(result.measured == measured && result.windows == 3)
    #expect(result.floor > 0 && result.floor.isFinite)
    #expect(result.seconds > 0 && result.seconds.isFinite)
    #expect(result.ratio > 0 && result.ratio.isFinite)
  }

  @Test("the cases are all there")
  func cases() { #expect(LorenzBenchmark.cases(threads: 1).count == 9) }
}
