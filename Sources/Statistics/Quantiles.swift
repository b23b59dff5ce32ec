/// The value below which a share of the values lies, between two of them by a straight line: NumPy's
/// `quantile`.
///
/// - Parameters:
///   - values: At least one, in any order.
///   - share: 0 … 1.
package func quantile(_ values: [Double], _ share: Double) -> Double {
  precondition(!values.isEmpty && (0...1).contains(share), "a share of some values")
  let sorted = values.sorted()
  let place = share * Double(sorted.count - 1)
  let below = Int(place.rounded(.down))
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}

/// The middle value, or the mean of the two in the middle.
package func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

package func mean(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "of some values")
  return values.reduce(0, +) / Double(values.count)
}

/// The mean without the lowest and the highest quarter of the values, each rounded down: SciPy's
/// `trim_mean(values, 0.25)`, rliable's IQM (Agarwal et al. 2021).
package func interquartileMean(_ values: [Double]) -> Double {
  let cut = values.count / 4
  return mean(Array(values.sorted()[cut..<values.count - cut]))
}
