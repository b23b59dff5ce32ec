import CPhysics
import Glibc

/// The machine's C library, whose sines and cosines lanes have.
package enum CLibrary {
  /// Whether lanes agree with it in a sample. Another library may round otherwise.
  package static let isReproduced = withUnsafePointer(to: generation.code) {
    cphysics_sine_agrees($0) == 1
  }

  private static let generation = Generation.chosen

  /// Its sines and cosines of eight numbers: computed side by side where those agree.
  package static func sinesAndCosines(
    of numbers: SIMD8<Double>
  ) -> (sines: SIMD8<Double>, cosines: SIMD8<Double>) {
    var (sines, cosines) = (SIMD8<Double>(), SIMD8<Double>())
    guard isReproduced else {
      for lane in 0..<8 {
        sines[lane] = Glibc.sin(numbers[lane])
        cosines[lane] = Glibc.cos(numbers[lane])
      }
      return (sines, cosines)
    }
    withUnsafeBytes(of: numbers) { numbers in
      withUnsafeMutableBytes(of: &sines) { sines in
        withUnsafeMutableBytes(of: &cosines) { cosines in
          generation.code.sine_cosine(
            numbers.baseAddress?.assumingMemoryBound(to: Double.self),
            sines.baseAddress?.assumingMemoryBound(to: Double.self),
            cosines.baseAddress?.assumingMemoryBound(to: Double.self), 8)
        }
      }
    }
    return (sines, cosines)
  }
}
