import TestSupport
import Testing

extension KernelTests {
  /// Pools, and the order of planes.
  @Suite struct Planes {
    /// Channels, height, width, lanes.
    static let shapes = [
      (1, 1, 1, 16), (2, 2, 2, 16), (1, 1, 4, 32), (3, 5, 4, 16), (2, 8, 7, 48), (4, 3, 3, 16),
    ]

    @Test(arguments: shapes) func pool(channels: Int, height: Int, width: Int, lanes: Int) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        let (halfHeight, halfWidth) = (height / 2, width / 2)
        var generator = SplitMix(state: UInt64(height * width))
        let input: [Real] = generator.numbers(channels * height * width * lanes)
        let slopes: [Real] = generator.numbers(channels * halfHeight * halfWidth * lanes)
        let results = everywhere {
          var means: [Real] = zeros(slopes.count)
          var adjoints = [Real](repeating: .nan, count: input.count)
          Real.kernels.pool(channels, height, width, lanes, input, &means)
          Real.kernels.poolPullBack(channels, height, width, lanes, slopes, &adjoints)
          return [means, adjoints]
        }
        var means = [Sum](repeating: Sum(), count: slopes.count)
        var adjoints: [Real] = zeros(input.count)
        for c in 0..<channels {
          for y in 0..<2 * halfHeight {
            for x in 0..<2 * halfWidth {
              for lane in 0..<lanes {
                let from = ((c * height + y) * width + x) * lanes + lane
                let to = ((c * halfHeight + y / 2) * halfWidth + x / 2) * lanes + lane
                means[to].add(input[from], 0.25)
                adjoints[from] = slopes[to] / 4
              }
            }
          }
        }
        expectSums(results[0], means, terms: 3)
        #expect(results[1] == adjoints)
      }
    }

    @Test(arguments: [(1, 1, 16), (3, 4, 16), (16, 5, 32), (7, 1, 48)])
    func transposeRows(rows: Int, columns: Int, lanes: Int) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        var generator = SplitMix(state: UInt64(rows))
        let input: [Real] = generator.numbers(rows * columns * lanes)
        let results = everywhere {
          var (transposed, back): ([Real], [Real]) = (zeros(input.count), zeros(input.count))
          Real.kernels.transposeRows(rows, columns, lanes, input, &transposed)
          Real.kernels.transposeRows(columns, rows, lanes, transposed, &back)
          return [transposed, back]
        }
        for row in 0..<rows {
          for column in 0..<columns {
            let from = (row * columns + column) * lanes
            let to = (column * rows + row) * lanes
            #expect(results[0][to..<to + lanes] == input[from..<from + lanes])
          }
        }
        #expect(results[1] == input)
      }
    }
  }
}
