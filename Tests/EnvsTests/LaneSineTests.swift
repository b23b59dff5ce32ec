import Envs
import Foundation
import TestSupport
import Testing

/// Sines and cosines in lanes and alone are the C library's, to the last bit.
@Suite struct LaneSineTests {
  @Test(arguments: [0.4, 1.6, 30, 1e5, 1e12])
  func areTheLibrarys(_ range: Double) {
    var random = SplitMix(state: UInt64(range * 10))
    for _ in 0..<2000 {
      var numbers = SIMD8<Double>()
      for lane in 0..<8 { numbers[lane] = .random(in: -range...range, using: &random) }
      check(numbers)
    }
  }

  @Test("what is no ordinary number disturbs no other lane")
  func special() {
    let special = [
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNormalMagnitude,
      .pi / 2, -.pi, 1e300,
    ]
    for (index, number) in special.enumerated() {
      check(SIMD8(repeating: number))
      var numbers = SIMD8<Double>(0.1, -0.7, 1, 2.5, -3, 12, 100, -5e4)
      numbers[index % 8] = number
      check(numbers)
      for lane in 0..<8 { numbers[lane] = special[(index + lane) % special.count] }
      check(numbers)
    }
  }

  @Test("in single precision, too")
  func single() {
    for number: Float in [0, 0.3, -2, 1000] {
      #expect(number.sine == sin(number) && number.cosine == cos(number))
    }
  }

  private func check(_ numbers: SIMD8<Double>) {
    let (sines, cosines) = (numbers.sine, numbers.cosine)
    let wrong = (0..<8).filter { lane in
      let number = numbers[lane]
      let found = [sines[lane], number.sine, cosines[lane], number.cosine].map(\.bitPattern)
      let (sine, cosine) = (sin(number).bitPattern, cos(number).bitPattern)
      return found != [sine, sine, cosine, cosine]
    }
    #expect(wrong.isEmpty, "\(wrong.map { numbers[$0] })")
  }
}
