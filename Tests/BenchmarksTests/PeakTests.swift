import CKernels
import Testing

@testable import Benchmarks

struct PeakTests {
  @Test("a peak is that of so many threads", arguments: [1, 2])
  func peak(threads: Int) throws {
    let peak = try Peak.measure(threads: threads, attempts: 3)
    #expect(peak.threads == threads && !peak.generation.isEmpty)
    #expect(peak.gigaflops > 0 && peak.gigaflops.isFinite)
  }

  @Test("the measured kernel does the work that is counted")
  func chains() {
    // v ← v/2 + 1 brings v − 2 nearer to 0 by a half each round, without rounding here.
    let start = (0..<Peak.chains).map { Float($0) }
    let expected = start.map { 2 + ($0 - 2) / 32 }
    var floats = start + [7]
    ckernels_multiply_add_chains_f32(5, 0.5, 1, &floats)
    #expect(floats == expected + [7])
    var doubles = start.prefix(Peak.chains / 2).map(Double.init) + [7]
    ckernels_multiply_add_chains_f64(5, 0.5, 1, &doubles)
    #expect(doubles == expected.prefix(Peak.chains / 2).map(Double.init) + [7])
  }
}
