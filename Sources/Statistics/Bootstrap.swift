import Randomness

/// Percentile intervals of what is computed of some groups of values, drawn anew with replacement within
/// each group: the stratified bootstrap of rliable (Agarwal et al. 2021).
package struct Bootstrap: Sendable {
  private let resamples: Int
  private let level: Double
  private let seed: UInt32

  /// - Parameters:
  ///   - resamples: How often groups are drawn.
  ///   - level: The share of what is computed that lies in the interval.
  ///   - seed: Of NumPy's PCG64: the same seed gives the same interval.
  package init(resamples: Int = 10_000, level: Double = 0.95, seed: UInt32 = 0) {
    precondition(resamples > 0 && level > 0 && level < 1, "some resamples, and a share of them")
    (self.resamples, self.level, self.seed) = (resamples, level, seed)
  }

  /// The interval of a statistic; nil where a group has one value, of which nothing can be drawn but
  /// itself, and where what is computed is not always a number.
  package func interval(
    of groups: [[Double]], _ statistic: ([[Double]]) -> Double
  ) -> ClosedRange<Double>? {
    guard groups.allSatisfy({ $0.count > 1 }) else { return nil }
    var generator = PCG64(seed: seed)
    var drawn = groups
    let values = (0..<resamples).map { _ in
      for (group, values) in groups.enumerated() {
        for index in values.indices {
          drawn[group][index] =
            values[min(Int(generator.nextDouble() * Double(values.count)), values.count - 1)]
        }
      }
      return statistic(drawn)
    }
    let tail = (1 - level) / 2
    let (lower, upper) = (quantile(tail, of: values), quantile(1 - tail, of: values))
    return lower <= upper ? lower...upper : nil
  }
}
