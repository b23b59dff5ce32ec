/// What is said of values of one thing: the one in the middle, and what lies around it.
package struct Summary: Hashable, Sendable {
  package var middle: Double
  /// Nil where one value alone, or one that is not a number, leaves nothing to say.
  package var interval: ClosedRange<Double>?

  package init(_ middle: Double, _ interval: ClosedRange<Double>? = nil) {
    (self.middle, self.interval) = (middle, interval)
  }
}

/// What a band around a curve of several seeds covers, and what its curve is.
package enum Band: String, CaseIterable, Sendable {
  /// The median, from the first quartile to the third.
  case quartiles
  /// The mean, with the 95 % interval that Student's t distribution gives values of a normal one.
  case confidence
  /// The mean, with the 95 % interval of 2 000 bootstrap samples.
  case bootstrap
  /// The mean, from the least value to the largest.
  case range

  /// - Parameter values: At least one.
  package func summary(of values: [Double]) -> Summary {
    let hasInterval = values.count > 1 && values.allSatisfy(\.isFinite)
    switch self {
    case .quartiles:
      let quartiles = Quartiles(of: values)
      let isKnown = values.count > 1 && quartiles.first.isFinite && quartiles.third.isFinite
      return Summary(quartiles.median, isKnown ? quartiles.first...quartiles.third : nil)
    case .confidence:
      let middle = mean(values)
      guard hasInterval else { return Summary(middle) }
      let reach =
        studentT(0.975, degrees: values.count - 1) * standardError(of: values)
      return Summary(middle, reach.isFinite ? middle - reach...middle + reach : nil)
    case .bootstrap:
      let middle = mean(values)
      guard hasInterval else { return Summary(middle) }
      return Summary(middle, Bootstrap(resamples: 2000).interval(of: [values]) { mean($0[0]) })
    case .range:
      return Summary(
        mean(values), hasInterval ? quantile(0, of: values)...quantile(1, of: values) : nil)
    }
  }
}

/// The standard error of the mean of independent values: the deviation over one less than there are, over
/// the root of their number.
package func standardError(of values: [Double]) -> Double {
  precondition(values.count > 1, "of several values")
  let middle = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
  return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
}
