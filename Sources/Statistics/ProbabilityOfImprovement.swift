/// The probability that one of `values` is larger than one of `others`, both drawn at random: of all
/// pairs those that are, and half of those that are equal. It is the Mann–Whitney U over the number of
/// pairs (Agarwal et al. 2021, section 4.3).
package func probabilityOfImprovement(_ values: [Double], over others: [Double]) -> Double {
  precondition(!values.isEmpty && !others.isEmpty, "of some values")
  var count = 0.0
  for value in values {
    for other in others { count += value > other ? 1 : value == other ? 0.5 : 0 }
  }
  return count / Double(values.count * others.count)
}
