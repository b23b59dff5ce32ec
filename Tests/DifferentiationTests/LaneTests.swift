import Differentiation
import Foundation
import Testing

/// Sixteen particles side by side, and the numbers that they are made of.
struct LaneTests {
  private func block(seed: UInt64) -> SIMD16<Float> {
    SIMD16(randomPoint(seed: seed, count: 16).map { Float($0) })
  }

  @Test(arguments: Operation.allCases, 0..<8)
  func aLaneHasTheBitsOfFloat(_ operation: Operation, _ seed: UInt64) {
    let (x, y, z) = (block(seed: seed), block(seed: seed + 10), block(seed: seed + 20))
    let result = operation(x, y, z)
    for lane in x.indices { #expect(result[lane] == operation(x[lane], y[lane], z[lane])) }
  }

  /// 1 + 2⁻²³ squared: rounded once, the last bit of the product counts.
  @Test func sumsOfProductsAreRoundedOnce() {
    let x = Float(1).nextUp
    #expect((-(x * x)).addingProduct(x, x) == 0x1p-46)
    let block = SIMD16<Float>(repeating: x)
    let sum: SIMD16<Float> = SIMD16(repeating: -(x * x)).addingProduct(block, block)
    #expect(sum == SIMD16(repeating: 0x1p-46))
  }

  @Test func exponentials() {
    for value in stride(from: Float(-87), through: 88, by: 0.0137) {
      let exact = Foundation.exp(Double(value))
      #expect(abs(Double(Float.exponential(value)) - exact) < 2 * Double(Float(exact).ulp))
    }
    #expect(Float.exponential(0) == 1)
    #expect(Float.exponential(-.infinity) == 0)
    #expect(Float.exponential(.infinity) == .infinity)
    #expect(Float.exponential(-1000) == 0)
    #expect(Float.exponential(1000) == .infinity)
    #expect(Float.exponential(.nan).isNaN)
  }

  /// The reference's compiled exponential of this number is one above the nearest.
  @Test func exponentialsAreNotAlwaysTheNearest() {
    #expect(Float.exponential(3.675416) == Foundation.exp(Float(3.675416)).nextUp)
  }
}
