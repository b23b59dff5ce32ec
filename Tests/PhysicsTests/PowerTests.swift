import CPhysics
import Glibc
import Physics
import Testing

/// Powers have the C library's bits.
struct PowerTests {
  /// The library's, with an exponent that no compiler sees.
  private func power(_ bases: [Double], _ exponent: Double) -> [Double] {
    bases.map { pow($0, exponent) }
  }

  private func check(_ bases: [Double], _ exponent: Double, _ seed: UInt64) {
    let expected = power(bases, exponent)
    for generation in Generation.all {
      var results = bases
      generation.code.power(bases, exponent, &results, Int32(bases.count))
      let mistakes = zip(results, expected).filter { $0.bitPattern != $1.bitPattern }.count
      #expect(mistakes == 0, "\(generation), seed \(seed), exponent \(exponent)")
    }
  }

  @Test(arguments: 0..<8) func randomBases(_ seed: UInt64) {
    var draws = Draws(seed: seed)
    let range = [0...1, 0...2, -1...1, -1e3...1e3][Int(seed) % 4]
    check((0..<80_000).map { _ in draws.number(in: range) }, 2, seed)
    check((0..<8_000).map { _ in draws.number(in: range).magnitude }, 1.5, seed)
    check((0..<8_000).map { _ in draws.number(in: range) }, 3, seed)
  }

  /// Next to powers of two and their roots, and far out.
  @Test(arguments: -40..<40) func borders(_ exponent: Int) {
    let scale = scalbn(1, exponent)
    let nearOne = (-200..<200).map { scale * (1 + Double($0) * 0x1p-53) }
    let nearRoot = (-200..<200).map { scale * (2.0.squareRoot() + Double($0) * 0x1p-52) }
    check(nearOne + nearRoot, 2, 0)
    let far = scalbn(1.234, 13 * exponent)
    check([far, -far, 1 / far, 0, -0.0, 1, -1, .infinity], 2, 0)
  }

  /// A plain double's power is the library's too, not x·x, whatever the compiler knows.
  @Test func plainPowerIsNotAProduct() {
    var draws = Draws(seed: 0)
    let bases = (0..<100_000).map { _ in draws.number(in: 0...1) }
    let exponents = [2.0, 3.0]
    #expect(bases.map { $0.power(2) } == power(bases, exponents[0]))
    #expect(bases.map { $0.power(2) } != bases.map { $0 * $0 })
  }
}
