import Foundation
import TestSupport
import Testing

extension KernelTests {
  /// Functions of single numbers, over wide ranges.
  @Suite struct Elementwise {
    /// Both signs of every size from 2⁻¹²⁶ to 2¹²⁷, some numbers near 0, and the odd ones.
    static let numbers: [Float] = {
      var generator = SplitMix(state: 3)
      var numbers: [Float] = [0, -0, .infinity, -.infinity, .nan, .leastNormalMagnitude]
      for exponent in -126...127 {
        for _ in 0..<8 {
          let number =
            Float(sign: .plus, exponent: exponent, significand: 1)
            * Float.random(in: 1..<2, using: &generator)
          numbers += [number, -number]
        }
      }
      for _ in 0..<4000 { numbers.append(.random(in: -12...12, using: &generator)) }
      for _ in 0..<4000 { numbers.append(.random(in: -90...90, using: &generator)) }
      return numbers + [Float](repeating: 0, count: (16 - numbers.count % 16) % 16)
    }()

    /// The largest error in units in the last place of the right number, those below
    /// `leastNormalMagnitude` counting as it.
    private func worst(
      _ values: [Float], _ expected: [Double], at numbers: [Float]
    ) -> (error: Double, number: Float) {
      var worst = (error: 0.0, number: Float.nan)
      for (index, value) in values.enumerated() {
        let right = Float(expected[index])
        let error: Double
        if right.isNaN || right.isInfinite {
          error = value == right || value.isNaN && right.isNaN ? 0 : .infinity
        } else {
          let unit = Double(max(abs(right), .leastNormalMagnitude).ulp)
          error = abs(Double(value) - expected[index]) / unit
        }
        if !(error <= worst.error) { worst = (error, numbers[index]) }
      }
      return worst
    }

    @Test func exponentials() {
      let numbers = Self.numbers
      let values = everywhere {
        var values = numbers
        Float.kernels.exponentials(values.count, &values)
        return [values]
      }[0]
      // Infinite above 88.37. What is less than the least normal number may be 0.
      let expected = numbers.enumerated().map { index, number in
        let isTiny = number < -87.33 && 0...Float.leastNormalMagnitude ~= values[index]
        return number > 88.37 ? .infinity : isTiny ? Double(values[index]) : exp(Double(number))
      }
      let worst = worst(values, expected, at: numbers)
      #expect(worst.error < 2, "\(worst)")
    }

    @Test func hyperbolicTangents() {
      let numbers = Self.numbers
      let values = everywhere {
        var values = numbers
        Float.kernels.tangents(values.count, &values)
        return [values]
      }[0]
      let worst = worst(values, numbers.map { tanh(Double($0)) }, at: numbers)
      #expect(worst.error < 4, "\(worst)")
      #expect(zip(values, numbers).allSatisfy { $0.sign == $1.sign || $1.isNaN })
    }

    @Test func logarithms() {
      var generator = SplitMix(state: 4)
      let near = (0..<4000).map { _ in Float.random(in: 0.5...2, using: &generator) }
      let tiny: [Float] = [.leastNonzeroMagnitude, 0x1p-140, 0x1p-127]
      let numbers = Self.numbers + near + tiny + [Float](repeating: 1, count: 13)
      let values = everywhere {
        var values = numbers
        Float.kernels.logarithms(values.count, &values)
        return [values]
      }[0]
      let worst = worst(values, numbers.map { log(Double($0)) }, at: numbers)
      #expect(worst.error < 2, "\(worst)")
    }

    @Test func doublesAreTheLibrarys() {
      let numbers = Self.numbers.map { Double($0) }
      let results = everywhere {
        var (exponentials, tangents, logarithms) = (numbers, numbers, numbers)
        Double.kernels.exponentials(numbers.count, &exponentials)
        Double.kernels.tangents(numbers.count, &tangents)
        Double.kernels.logarithms(numbers.count, &logarithms)
        return [exponentials, tangents, logarithms]
      }
      for (result, function) in zip(results, [exp, tanh, log] as [(Double) -> Double]) {
        let expected = numbers.map(function)
        #expect(zip(result, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
      }
    }

    @Test func relu() {
      let numbers = Self.numbers
      let results = everywhere {
        var (values, slopes, alone) = (numbers, numbers, numbers)
        Float.kernels.relu(numbers.count, numbers, &values, &slopes)
        Float.kernels.relu(numbers.count, numbers, &alone, nil)
        return [values, slopes, alone]
      }
      func bits(_ values: [Float]) -> [UInt32] {
        values.map { ($0.isNaN ? .nan : $0).bitPattern }
      }
      let expected = bits(numbers.map { $0 <= 0 ? 0 : $0 })
      #expect(bits(results[0]) == expected)
      #expect(bits(results[2]) == expected)
      #expect(results[1] == numbers.map { $0 > 0 ? 1 : 0 })
    }

    @Test func multiply() {
      var generator = SplitMix(state: 5)
      let (left, right): ([Float], [Float]) = (generator.numbers(48), generator.numbers(48))
      let results = everywhere {
        var (product, overLeft, overRight) = (left, left, right)
        Float.kernels.multiply(48, left, right, &product)
        overLeft.withUnsafeMutableBufferPointer {
          Float.kernels.multiply(48, $0.baseAddress, right, $0.baseAddress)
        }
        overRight.withUnsafeMutableBufferPointer {
          Float.kernels.multiply(48, left, $0.baseAddress, $0.baseAddress)
        }
        return [product, overLeft, overRight]
      }
      #expect(results == [[Float]](repeating: zip(left, right).map { $0 * $1 }, count: 3))
    }
  }
}
