/// The middle value, or the mean of the two in the middle.
package func median(_ values: [Double]) -> Double { quantile(0.5, of: values) }

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
