import Foundation
import TestSupport
import Testing

extension KernelTests {
  /// GELU in its tanh form: x σ(v) with v = 2 √(2/π) (x + 0.044715 x³).
  @Suite struct GELU {
    static let numbers: [Float] = {
      var generator = SplitMix(state: 6)
      let wide = (0..<6000).map { _ in Float.random(in: -9...9, using: &generator) }
      let small = (-60...2).flatMap { exponent in
        [1, -1].map { sign in sign * Float(sign: .plus, exponent: exponent, significand: 1.3) }
      }
      let odd: [Float] = [0, -0, .nan, .leastNormalMagnitude]
      let numbers = wide + small + odd
      return numbers + [Float](repeating: 1, count: (16 - numbers.count % 16) % 16)
    }()

    /// A sum's value, the sum of its terms' sizes, and how often roundings of v come in.
    struct Value {
      var value: Double
      var size: Double
      var exponent: Double
    }

    /// φ, φ′ and φ″.
    private func derivatives(at x: Double) -> [Value] {
      let scale = 2 * 0.7978845608028654
      let v = scale * x * (1 + 0.044715 * x * x)
      let slope = scale * (1 + 3 * 0.044715 * x * x)
      let bend = scale * 6 * 0.044715 * x
      let (share, rest) = (1 / (1 + exp(-v)), 1 / (1 + exp(v)))
      let first = share * rest * slope
      let second = share * rest * ((rest - share) * slope * slope + bend)
      let size = share * rest * (2 * slope + abs(x) * (slope * slope + abs(bend)))
      return [
        Value(value: x * share, size: abs(x) * share, exponent: abs(v)),
        Value(value: share + x * first, size: share + abs(x) * first, exponent: abs(v)),
        Value(value: 2 * first + x * second, size: size, exponent: abs(v)),
      ]
    }

    /// φ, φ′ and φ″ of `numbers`, as the kernels see them.
    private func results<Real: Precision>(_ numbers: [Real]) -> [[Real]] {
      everywhere {
        var (values, slopes, alone) = (numbers, numbers, numbers)
        var bends: [Real] = zeros(numbers.count)
        let ones = [Real](repeating: 1, count: numbers.count)
        Real.kernels.gelu(numbers.count, numbers, &values, &slopes)
        Real.kernels.gelu(numbers.count, numbers, &alone, nil)
        #expect(zip(values, alone).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
        Real.kernels.geluCurvature(numbers.count, numbers, ones, ones, &bends)
        return [values, slopes, bends]
      }
    }

    /// v has three roundings, which e^v makes |v| times larger; the rest adds about eight.
    private func expectAccurate<Real: Precision>(_ numbers: [Real]) {
      let results = results(numbers)
      for k in 0..<3 {
        var worst = (share: 0.0, at: Real.nan)
        for (x, value) in zip(numbers, results[k]) where !x.isNaN {
          let expected = derivatives(at: Double(x))[k]
          let bound = (8 + 3 * expected.exponent) * expected.size
          let error = abs(Double(value) - expected.value) / Double(Real.ulpOfOne)
          let share = error == 0 ? 0 : error / bound
          if !(share <= worst.share) { worst = (share, x) }
        }
        #expect(worst.share <= 1, "derivative \(k): \(worst)")
      }
    }

    @Test func accuracy() {
      expectAccurate(Self.numbers)
      expectAccurate(Self.numbers.map { Double($0) })
    }

    /// Far from 0 it is x or 0, and no number stays none.
    @Test func farNumbers() {
      let numbers: [Float] = [
        40, 1e10, 1e30, .greatestFiniteMagnitude, .infinity, -40, -1e10, -1e30,
        -.greatestFiniteMagnitude, .nan, 31, 29, -29, -31, 20, -20,
      ]
      let results = results(numbers)
      for (index, x) in numbers.enumerated() {
        #expect(results[0][index] == max(x, 0) || x.isNaN && results[0][index].isNaN)
        #expect(results[1][index] == (x > 0 ? 1 : 0) || x.isNaN && results[1][index].isNaN)
        #expect(results[2][index] == 0 || x.isNaN && results[2][index].isNaN)
      }
    }

    /// The curvature is multiplied and added.
    @Test func curvature() {
      var generator = SplitMix(state: 8)
      let rows: [[Double]] = (0..<4).map { _ in generator.numbers(32) }
      let sums = everywhere {
        var sums = rows[3]
        Double.kernels.geluCurvature(32, rows[0], rows[1], rows[2], &sums)
        return [sums]
      }[0]
      for index in 0..<32 {
        let bend = derivatives(at: rows[0][index])[2].value
        expectSame(sums[index], rows[3][index] + bend * rows[1][index] * rows[2][index])
      }
    }
  }
}
