import CKernels
import Workers

/// The most multiplications and additions that this machine does, measured with chains of fused
/// multiply-adds that touch no memory.
package struct Peak: Codable, Hashable, Sendable {
  package var threads: Int
  /// Thousands of millions of floating-point operations a second; a multiply-add is two.
  package var gigaflops: Double
  /// The processors that the kernels in use are compiled for.
  package var generation: String

  /// Multiply-adds of a round of the kernel.
  static let chains = 384

  /// The best of `attempts` measurements of some milliseconds each.
  package static func measure(threads: Int, attempts: Int = 20) throws -> Peak {
    let pool = WorkerPool(threadCount: threads)
    var values = Array(repeating: [Float](repeating: 0, count: chains), count: threads)
    var scratches: [Void] = Array(repeating: (), count: threads)
    func run(rounds: Int) throws -> Double {
      try seconds {
        try pool.update(&values, scratches: &scratches) { _, values, _ in
          ckernels_multiply_add_chains_f32(rounds, 0.5, 1, &values)
        }
      }
    }
    // As many rounds as take five milliseconds, whatever the processor.
    var rounds = 100
    while try run(rounds: rounds) < 0.005 { rounds *= 2 }
    var best = Double.infinity
    for _ in 0..<attempts { best = min(best, try run(rounds: rounds)) }
    return Peak(
      threads: threads, gigaflops: Double(2 * chains * rounds * threads) / best * 1e-9,
      generation: String(cString: ckernels_generation()))
  }
}
