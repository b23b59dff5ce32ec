import Statistics
import Testing

/// Quantiles, held to what NumPy computed.
struct QuantileTests {
  /// `numpy.percentile(values, [25, 50, 75])` of NumPy 2.4, method `linear`.
  static let stored: [(values: [Double], quartiles: [Double])] = [
    ([7.0], [7.0, 7.0, 7.0]),
    ([1.0, 2.0], [1.25, 1.5, 1.75]),
    ([3.0, 1.0, 2.0], [1.5, 2.0, 2.5]),
    ([0.1, 0.2, 0.3, 0.4], [0.17500000000000002, 0.25, 0.325]),
    ([345.58419206, 821.6181435, 330.43707618], [338.01063412, 345.58419206, 583.60116778]),
    ([0.0009, 0.0004, -0.0005, 0.0006, 0.0004], [0.0004, 0.0004, 0.0006]),
    (
      [284.2224, 5467.1299, -7364.5409, -1629.0995, -4821.1931, 5988.4621],
      [-4023.1697000000004, -672.43855, 4171.403025]
    ),
    (
      [
        -29.2456751, -78.19084624, -25.71922406, 0.81421805, -27.56029053, 129.40638144,
        100.67243153,
      ], [-28.402982815, -25.71922406, 50.743324789999996]
    ),
    (
      [-1.889, -0.1748, -0.4222, 0.2136, 0.2173, 2.1178, -1.112, -0.3776, 2.0428, 0.6467],
      [-0.41105, 0.0194, 0.53935]
    ),
    ([1e300, -1e300, 5.0], [-5e299, 5.0, 5e299]),
    ([2.0, 2.0, 2.0, 9.0], [2.0, 2.0, 3.75]),
  ]

  @Test("quartiles are NumPy's, to the last bit", arguments: stored.indices)
  func quartiles(index: Int) {
    let (values, wanted) = Self.stored[index]
    let found = Quartiles(of: values)
    #expect([found.first, found.median, found.third] == wanted)
    #expect(Quartiles(of: values.reversed()) == found)
    #expect(quantile(0, of: values) == values.min() && quantile(1, of: values) == values.max())
  }

  @Test("what is not a number is not hidden, and infinities are numbers")
  func extremes() {
    #expect(quantile(0.5, of: [1, .nan, 3]).isNaN)
    #expect(quantile(0.5, of: [1, .infinity, 3]) == 3)
    #expect(quantile(0.75, of: [1, .infinity, .infinity]) == .infinity)
    #expect(quantile(0.5, of: [-.infinity, 2]) == -.infinity)
  }
}
