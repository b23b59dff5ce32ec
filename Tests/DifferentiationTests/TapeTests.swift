import Differentiation
import Testing

/// What a tape remembers and forgets.
struct TapeTests {
  @Test func constantsAreNotRemembered() {
    let tape = Tape<Double>()
    let x = tape.variable(3)
    let constant = Reverse<Double>(2) * Reverse<Double>(constant: 5) + Reverse<Double>(1)
    let result = constant * x + Reverse<Double>.exponential(constant)
    tape.seed(constant, with: 100)
    tape.seed(result, with: 1)
    tape.sweep()
    #expect(tape.adjoint(of: x) == 11)
    #expect(tape.adjoint(of: constant) == 0)
  }

  @Test func severalResultsAddUp() {
    let tape = Tape<Double>()
    let x = tape.variable(3)
    tape.seed(x * x, with: 2)
    tape.seed(x, with: 5)
    tape.sweep()
    #expect(tape.adjoint(of: x) == 17)
  }

  @Test func whatDoesNotMatterHasNoSlope() {
    let tape = Tape<Double>()
    let (x, y) = (tape.variable(3), tape.variable(4))
    _ = x * y
    tape.seed(x, with: 1)
    tape.sweep()
    #expect(tape.adjoint(of: y) == 0)
  }

  /// Far more operations than a tape has room for at first.
  @Test(arguments: [10, 255, 256, 257, 10_000]) func grows(_ count: Int) {
    let tape = Tape<Double>()
    let x = tape.variable(1)
    var product = x
    for _ in 0..<count { product = product + 0.5 * x }
    tape.seed(product, with: 1)
    tape.sweep()
    #expect(tape.adjoint(of: x) == 1 + 0.5 * Double(count))
  }

  @Test func aClearedTapeIsLikeANewOne() {
    let used = Tape<Double>()
    func gradient(_ seed: UInt64, on tape: Tape<Double>) -> [UInt64] {
      let variables = randomPoint(seed: seed).map { tape.variable($0) }
      tape.seed(RandomExpression(seed: seed, length: 200)(variables), with: 1)
      tape.sweep()
      return variables.map { tape.adjoint(of: $0).bitPattern }
    }
    for seed in 0..<10 as Range<UInt64> {
      used.clear()
      #expect(gradient(seed, on: used) == gradient(seed, on: Tape()))
    }
  }
}
