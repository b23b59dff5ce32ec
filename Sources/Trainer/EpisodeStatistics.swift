/// Mean of what episodes gave and half the width of its 95 % confidence interval.
package struct EpisodeStatistics: Hashable, Sendable {
  package let mean: Double
  /// 1.96 · population standard deviation / √n.
  package let halfWidth: Double

  package init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    self.mean = mean
    halfWidth = 1.96 * variance.squareRoot() / count.squareRoot()
  }

  /// The mean as `tag`, half the width as `tag` with `_ci`.
  func scalars(_ tag: String) -> [Scalar] { [Scalar(tag, mean), Scalar(tag + "_ci", halfWidth)] }
}
