import Foundation
import Testing

@testable import Randomness

struct InverseErrorFunctionTests {
  /// Every 64th of the 2²³ inputs that `normal` and `truncatedNormal` can meet; the checksums are
  /// JAX 0.4.13's.
  @Test func roundsAsXLA() {
    let units = stride(from: UInt32(0), to: 1 << 23, by: 64).lazy.map { $0 << 9 }
    let normal = units.map { UInt64(Float(normal: $0).bitPattern) }
    let truncated = units.map { UInt64(Float(truncatedNormal: $0).bitPattern) }
    #expect(checksum(normal) == 0x3B98_CB69_4058_9B97)
    #expect(checksum(truncated) == 0x1974_0992_01E4_B5FA)
  }

  @Test func isCloseToTheTrueInverse() {
    let middle = (1...1800).map { Float($0) / 2000 }
    let inputs = middle + middle.map { $0 * 0x1p-20 }
    #expect(inputs.allSatisfy { error($0) <= 4 * ulp($0) })
  }

  /// The formula starts from x², so near 1 it is as good as the inverse at half a bit from x.
  @Test func isAsCloseNearOneAsItsArgumentAllows() {
    let inputs = (1...1295).map { 1 - 0x1p-24 * Float($0 * $0) }
    let errors = inputs.map { x in
      let truth = trueInverse(Double(x))
      let slope = Double.pi.squareRoot() / 2 * exp(truth * truth)
      return (error(x) - slope * Double(x.ulp) / 2) / ulp(x)
    }
    #expect(errors.allSatisfy { $0 <= 2 })
  }

  @Test func isOdd() {
    let inputs = (0..<1000).map { Float($0) / 1000 }
    #expect(inputs.allSatisfy { inverseErrorFunction(-$0) == -inverseErrorFunction($0) })
    #expect(inverseErrorFunction(0) == 0)
  }

  private func error(_ x: Float) -> Double {
    abs(Double(inverseErrorFunction(x)) - trueInverse(Double(x)))
  }

  private func ulp(_ x: Float) -> Double { Double(Float(trueInverse(Double(x))).ulp) }

  /// For x > 0, Newton's method on erfc in double precision, from the function under test.
  private func trueInverse(_ x: Double) -> Double {
    var y = Double(inverseErrorFunction(Float(x)))
    for _ in 0..<4 {
      let residual = x < 0.5 ? erf(y) - x : (1 - x) - erfc(y)
      y -= residual / (2 / Double.pi.squareRoot() * exp(-y * y))
    }
    return y
  }
}
