/// A statistic of independent samples, and its standard error by leaving out one sample at a time (Efron
/// and Tibshirani 1993, chapter 11).
package struct Jackknife: Hashable, Sendable {
  /// The statistic of all samples.
  package let value: Double
  /// The statistic of all samples but one, for each of them.
  package let leftOut: [Double]

  package init(_ value: Double, leftOut: [Double]) {
    (self.value, self.leftOut) = (value, leftOut)
  }

  /// The square of the standard error; nil of fewer than two samples.
  package var errorSquare: Double? {
    guard leftOut.count > 1 else { return nil }
    let count = Double(leftOut.count)
    let center = mean(leftOut)
    return (count - 1) / count * leftOut.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  }

  /// The standard error; nil of fewer than two samples.
  package var standardError: Double? { errorSquare?.squareRoot() }
}

/// The mean of independent values with its standard error.
extension Jackknife {
  package init(meanOf values: [Double]) {
    let sum = values.reduce(0, +)
    let count = Double(values.count)
    self.init(sum / count, leftOut: values.map { (sum - $0) / (count - 1) })
  }
}
