import TestSupport
import Testing

extension KernelTests {
  /// Products of matrices, and sums.
  @Suite struct Products {
    /// Inputs, outputs and lanes around the sizes of tiles, and some by chance.
    static let shapes: [(Int, Int, Int)] = {
      var generator = SplitMix(state: 1)
      return [
        (1, 1, 16), (8, 2, 16), (3, 5, 48), (7, 13, 112), (33, 9, 16), (4, 24, 64), (5, 6, 32),
      ]
        + (0..<12).map { _ in
          (generator.count(1...20), generator.count(1...27), 16 * generator.count(1...8))
        }
    }()

    @Test(arguments: shapes) func dense(inputs: Int, outputs: Int, lanes: Int) {
      check(Float.self)
      check(Double.self)

      /// Terms are added one after another, each with one rounding: the bits are known.
      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(inputs * 64 + outputs))
        let weights: [Real] = generator.numbers(inputs * outputs)
        let bias: [Real] = generator.numbers(outputs)
        let input: [Real] = generator.numbers(inputs * lanes)
        let before: [Real] = generator.numbers(outputs * lanes)
        // Strides of a matrix and of its transpose.
        for (inputStride, outputStride) in [(outputs, 1), (1, inputs)] {
          let results = everywhere {
            var (biased, added, plain) = (before, before, before)
            let run = Real.kernels.dense
            run(
              inputs, outputs, lanes, weights, inputStride, outputStride, bias, 0, input, &biased)
            run(inputs, outputs, lanes, weights, inputStride, outputStride, nil, 1, input, &added)
            run(inputs, outputs, lanes, weights, inputStride, outputStride, nil, 0, input, &plain)
            return [biased, added, plain]
          }
          var expected = [[Real]](repeating: before, count: 3)
          for o in 0..<outputs {
            for lane in 0..<lanes {
              var sums = [bias[o], before[o * lanes + lane], 0]
              for i in 0..<inputs {
                let weight = weights[i * inputStride + o * outputStride]
                for k in 0..<3 { sums[k].addProduct(weight, input[i * lanes + lane]) }
              }
              for k in 0..<3 { expected[k][o * lanes + lane] = sums[k] }
            }
          }
          #expect(results == expected)
        }
      }
    }

    @Test(arguments: shapes) func outerProducts(inputs: Int, outputs: Int, lanes: Int) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(inputs * 64 + outputs))
        let left: [Real] = generator.numbers(inputs * lanes)
        let right: [Real] = generator.numbers(outputs * lanes)
        let before: [Real] = generator.numbers(inputs * outputs)
        let results = everywhere {
          var products = before
          Real.kernels.outerProducts(inputs, outputs, lanes, left, right, &products)
          return [products]
        }
        var expected = [Sum](repeating: Sum(), count: inputs * outputs)
        for i in 0..<inputs {
          for o in 0..<outputs {
            expected[i * outputs + o].add(before[i * outputs + o], 1.0)
            for lane in 0..<lanes {
              expected[i * outputs + o].add(left[i * lanes + lane], right[o * lanes + lane])
            }
          }
        }
        expectSums(results[0], expected, terms: lanes + 1)
      }
    }

    @Test(arguments: [(1, 16), (3, 32), (10, 128), (33, 48)]) func rowSums(rows: Int, lanes: Int) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(rows))
        let input: [Real] = generator.numbers(rows * lanes)
        let before: [Real] = generator.numbers(rows)
        let results = everywhere {
          var sums = before
          Real.kernels.rowSums(rows, lanes, input, &sums)
          return [sums]
        }
        let expected = (0..<rows).map { row in
          var sum = Sum()
          sum.add(before[row], 1.0)
          for lane in 0..<lanes { sum.add(input[row * lanes + lane], 1.0) }
          return sum
        }
        expectSums(results[0], expected, terms: lanes + 1)
      }
    }

    @Test func multiplyAddChains() {
      check(Float.self, count: 384)
      check(Double.self, count: 192)

      func check<Real: Precision>(_: Real.Type, count: Int) {
        var generator = SplitMix(state: 9)
        let values: [Real] = generator.numbers(count)
        let results = everywhere {
          var results = values
          Real.kernels.chains(3, 0.75, 0.5, &results)
          return [results]
        }
        let expected = values.map { value in
          (0..<3).reduce(value) { sum, _ in Real(0.5).addingProduct(sum, 0.75) }
        }
        #expect(results[0] == expected)
      }
    }
  }
}
