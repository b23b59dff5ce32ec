import CKernels
import TestSupport
import Testing

extension KernelTests {
  /// 3×3 convolutions, pools and what goes with them.
  @Suite struct Convolution {
    struct Shape: CustomStringConvertible {
      var inputs: Int
      var outputs: Int
      var height: Int
      var width: Int
      var lanes: Int

      var description: String { "\(inputs) → \(outputs), \(height)×\(width)×\(lanes)" }
      var inputCount: Int { inputs * height * width * lanes }
      var outputCount: Int { outputs * height * width * lanes }
      var weightCount: Int { 9 * inputs * outputs }
      var scratch: Int { ckernels_convolve_scratch(inputs, outputs, width, lanes) }

      /// Every tap of every place inside the planes: the places in the input's and output's
      /// channels, and the weights' tap.
      func forEachTap(_ body: (_ tap: Int, _ from: Int, _ to: Int) -> Void) {
        for tap in 0..<9 {
          for y in 0..<height {
            for x in 0..<width {
              let (fromY, fromX) = (y + tap / 3 - 1, x + tap % 3 - 1)
              guard 0..<height ~= fromY, 0..<width ~= fromX else { continue }
              body(tap, (fromY * width + fromX) * lanes, (y * width + x) * lanes)
            }
          }
        }
      }
    }

    static let shapes: [Shape] = {
      var generator = SplitMix(state: 7)
      let some = [(1, 1, 1, 1, 16), (1, 3, 8, 8, 16), (3, 2, 4, 4, 16), (2, 9, 5, 3, 32)]
      return some.map { Shape(inputs: $0, outputs: $1, height: $2, width: $3, lanes: $4) }
        + (0..<8).map { _ in
          Shape(
            inputs: generator.count(1...6), outputs: generator.count(1...13),
            height: generator.count(1...9), width: generator.count(1...6),
            lanes: 16 * generator.count(1...3))
        }
    }()

    @Test(arguments: shapes) func convolve(shape: Shape) {
      check(Float.self)
      check(Double.self)

      /// Terms are added one after another, each with one rounding: the bits are known.
      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(shape.outputCount))
        let weights: [Real] = generator.numbers(shape.weightCount)
        let bias: [Real] = generator.numbers(shape.outputs)
        let input: [Real] = generator.numbers(shape.inputCount)
        let before: [Real] = generator.numbers(shape.outputCount)
        let results = everywhere {
          var (biased, added, plain) = (before, before, before)
          func run(_ bias: [Real]?, _ accumulates: Int32, _ output: inout [Real]) {
            withScratch(shape.scratch) { scratch in
              Real.kernels.convolve(
                shape.inputs, shape.outputs, shape.height, shape.width, shape.lanes, weights, bias,
                accumulates, input, &output, scratch)
            }
          }
          run(bias, 0, &biased)
          run(nil, 1, &added)
          run(nil, 0, &plain)
          return [biased, added, plain]
        }
        let plane = shape.height * shape.width * shape.lanes
        var expected = [bias.flatMap { [Real](repeating: $0, count: plane) }, before]
        expected.append(zeros(shape.outputCount))
        shape.forEachTap { tap, from, to in
          for o in 0..<shape.outputs {
            for i in 0..<shape.inputs {
              let weight = weights[(tap * shape.inputs + i) * shape.outputs + o]
              for lane in 0..<shape.lanes {
                for k in 0..<3 {
                  expected[k][o * plane + to + lane].addProduct(
                    weight, input[i * plane + from + lane])
                }
              }
            }
          }
        }
        #expect(results == expected)
      }
    }

    @Test(arguments: shapes) func convolvePullBack(shape: Shape) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(shape.inputCount))
        let weights: [Real] = generator.numbers(shape.weightCount)
        let slopes: [Real] = generator.numbers(shape.outputCount)
        let before: [Real] = generator.numbers(shape.inputCount)
        let results = everywhere {
          var (added, plain) = (before, before)
          func run(_ accumulates: Int32, _ output: inout [Real]) {
            withScratch(shape.scratch) { scratch in
              Real.kernels.convolvePullBack(
                shape.inputs, shape.outputs, shape.height, shape.width, shape.lanes, weights,
                accumulates, slopes, &output, scratch)
            }
          }
          run(1, &added)
          run(0, &plain)
          return [added, plain]
        }
        let plane = shape.height * shape.width * shape.lanes
        var added = before.map { Sum(value: Double($0), size: abs(Double($0))) }
        var plain = [Sum](repeating: Sum(), count: shape.inputCount)
        shape.forEachTap { tap, from, to in
          for i in 0..<shape.inputs {
            for o in 0..<shape.outputs {
              let weight = weights[(tap * shape.inputs + i) * shape.outputs + o]
              for lane in 0..<shape.lanes {
                let slope = slopes[o * plane + to + lane]
                added[i * plane + from + lane].add(weight, slope)
                plain[i * plane + from + lane].add(weight, slope)
              }
            }
          }
        }
        expectSums(results[0], added, terms: 9 * shape.outputs + 1)
        expectSums(results[1], plain, terms: 9 * shape.outputs)
      }
    }

    @Test(arguments: shapes) func convolveWeights(shape: Shape) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(shape.inputCount))
        let input: [Real] = generator.numbers(shape.inputCount)
        let slopes: [Real] = generator.numbers(shape.outputCount)
        let before: [Real] = generator.numbers(shape.weightCount)
        let results = everywhere {
          var sums = before
          withScratch(shape.scratch) { scratch in
            Real.kernels.convolveWeights(
              shape.inputs, shape.outputs, shape.height, shape.width, shape.lanes, input, slopes,
              &sums, scratch)
          }
          return [sums]
        }
        let plane = shape.height * shape.width * shape.lanes
        var expected = before.map { Sum(value: Double($0), size: abs(Double($0))) }
        shape.forEachTap { tap, from, to in
          for i in 0..<shape.inputs {
            for o in 0..<shape.outputs {
              for lane in 0..<shape.lanes {
                expected[(tap * shape.inputs + i) * shape.outputs + o].add(
                  input[i * plane + from + lane], slopes[o * plane + to + lane])
              }
            }
          }
        }
        expectSums(results[0], expected, terms: plane + 1)
      }
    }

    /// ⟨W x, y⟩ = ⟨x, Wᵀ y⟩ = ⟨W, ∂⟨W x, y⟩/∂W⟩.
    @Test(arguments: shapes) func transposes(shape: Shape) {
      var generator = SplitMix(state: UInt64(shape.inputCount))
      let weights: [Double] = generator.numbers(shape.weightCount)
      let input: [Double] = generator.numbers(shape.inputCount)
      let slopes: [Double] = generator.numbers(shape.outputCount)
      var output: [Double] = zeros(shape.outputCount)
      var adjoints: [Double] = zeros(shape.inputCount)
      var sums: [Double] = zeros(shape.weightCount)
      withScratch(shape.scratch) { scratch in
        let kernels = Double.kernels
        let (i, o, h, w, l) = (shape.inputs, shape.outputs, shape.height, shape.width, shape.lanes)
        kernels.convolve(i, o, h, w, l, weights, nil, 0, input, &output, scratch)
        kernels.convolvePullBack(i, o, h, w, l, weights, 0, slopes, &adjoints, scratch)
        kernels.convolveWeights(i, o, h, w, l, input, slopes, &sums, scratch)
      }
      let product = dot(output, slopes)
      expectSame(dot(input, adjoints), product, size: 1e3)
      expectSame(dot(weights, sums), product, size: 1e3)
    }
  }
}
