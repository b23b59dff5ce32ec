import CPhysics
import Foundation
import Physics
import TestSupport
import Testing

/// Sines and cosines in lanes have the C library's bits.
@Suite struct SineTests {
  @Test(arguments: Generation.all) func theSampleAgrees(_ generation: Generation) {
    #expect(withUnsafePointer(to: generation.code) { cphysics_sine_agrees($0) } == 1)
  }

  @Test(arguments: [0.4, 1.6, 4, 100, 1e5, 1e9])
  func areTheLibrarys(_ range: Double) {
    var generator = SplitMix(state: UInt64(range * 10))
    let special: [Double] = [
      0, -0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .pi / 2, -.pi, .nan, .infinity,
    ]
    let numbers =
      special + (0..<400_000).map { _ in Double.random(in: -range...range, using: &generator) }
    var sines = numbers
    var cosines = numbers
    for generation in Generation.all {
      generation.code.sine_cosine(numbers, &sines, &cosines, Int32(numbers.count))
      let wrong = numbers.indices.filter { index in
        !same(sines[index], sin(numbers[index])) || !same(cosines[index], cos(numbers[index]))
      }
      #expect(wrong.isEmpty, "\(generation): \(wrong.prefix(3).map { numbers[$0] })")
    }
  }

  private func same(_ a: Double, _ b: Double) -> Bool {
    a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
  }
}
