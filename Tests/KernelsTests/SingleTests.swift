import CKernels
import TestSupport
import Testing

extension KernelTests {
  /// What there is in one type of number has the same bits on every generation; what it must be is
  /// for the tests of those who call it.
  @Suite struct Singles {
    @Test func policies() {
      var generator = SplitMix(state: 1)
      let (inputs, outputs, stride) = (17, 6, 32)
      let input: [Float] = generator.numbers(inputs * stride)
      let weights: [Float] = generator.numbers(inputs * outputs * stride)
      let results = everywhere {
        var one: [Float] = zeros(outputs)
        var eight: [Float] = zeros(outputs * stride)
        for rounded in [0, 2, outputs] {
          ckernels_matrix_vector(input, weights, inputs, outputs, rounded, &one)
          ckernels_matrix_vectors_8(input, weights, stride, inputs, outputs, rounded, &eight)
        }
        return [one, eight]
      }
      #expect(results[1][0] != 0)
    }

    @Test func exponentials() {
      let numbers = (-4000..<4000).map { Float($0) * 0.0251 } + [.nan, .infinity, -.infinity, -0.0]
      let results = everywhere {
        var powers = numbers
        ckernels_exponentials(&powers, powers.count)
        return [powers]
      }
      #expect(results[0][4000] == 1)
    }

    @Test func addedProducts() {
      var generator = SplitMix(state: 2)
      let (left, right): ([Float], [Float]) = (generator.numbers(16), generator.numbers(16))
      let start: [Float] = generator.numbers(16)
      let results = everywhere {
        var sums = start
        ckernels_add_products_16(&sums, left, right)
        return [sums]
      }
      #expect(results[0] == start.indices.map { start[$0].addingProduct(left[$0], right[$0]) })
    }

    @Test func lorenz() {
      var generator = SplitMix(state: 3)
      let (steps, timestep) = (50, Float(0.005))
      let start: [Float] = generator.numbers(3 * 6 * 16)
      let coefficients = generator.numbers(3 * 2 * 16).map { 10 + 5 * ($0 as Float) }
      let results = everywhere {
        var (one, three, dual) = (start, start, Array(start.prefix(2 * 6 * 16)))
        var (history, losses): ([Float], [Float]) = (zeros(51 * 6 * 16), zeros(steps * 16))
        var (sums, tangents): ([Float], [Float]) = (zeros(3 * 16), zeros(steps * 16))
        ckernels_lorenz_unroll(&one, coefficients, timestep, 16, steps, &history, &losses)
        ckernels_lorenz_add_losses(&three, coefficients, timestep, 3, steps, &sums)
        var results = [one, three, history, losses, sums]
        ckernels_lorenz_push_forward(
          &dual, coefficients, timestep, steps, &losses, &tangents)
        results += [dual, losses, tangents]
        return results
      }
      #expect(results[0][0] != start[0])
    }

    @Test func words() {
      let results = everywhere {
        var first = [UInt32](repeating: 0, count: 37)
        var second = first
        ckernels_threefry(1, 2, .max - 5, 7, 37, &first, &second)
        return [first.map(Double.init), second.map(Double.init)]
      }
      #expect(Set(results[0] + results[1]).count == 74)
    }

    @Test func images() {
      var generator = SplitMix(state: 4)
      let floats: [Float] = generator.numbers(20 * 35)
      let bytes = floats.indices.map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let indices = (0..<19).map { Int32($0 * 7 % 20) }
      let taps = (0..<5).map { ckernels_tap(lower: $0, upper: $0 + 1, fraction: Float($0) / 7) }
      let results = everywhere {
        var (columns, others): ([Float], [Float]) = (zeros(35 * 32), zeros(35 * 32))
        var resized: [Float] = zeros(4 * 5 * 5)
        ckernels_gather_floats(floats, 35, indices, 19, 32, &columns)
        ckernels_gather_bytes(bytes, 35, indices, 19, 32, &others)
        ckernels_resize_planes(bytes, 4, 6, 6, taps, 5, taps, 5, &resized)
        return [columns, others, resized]
      }
      #expect(results[0][1] == floats[7 * 35])
    }
  }
}
