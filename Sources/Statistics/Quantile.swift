/// The value that a part of sorted values lies below: 0.5 is the median. Between two values it is on the line
/// from one to the other, as NumPy's `percentile` has it (type 7 of Hyndman and Fan 1996).
///
/// - Parameters:
///   - part: From 0, the least value, to 1, the largest.
///   - values: At least one, in any order.
/// - Returns: Not a number where one of them is none.
package func quantile(_ part: Double, of values: [Double]) -> Double {
  precondition(!values.isEmpty && 0...1 ~= part, "a part of something")
  guard values.allSatisfy({ !$0.isNaN }) else { return .nan }
  let sorted = values.sorted()
  let place = part * Double(sorted.count - 1)
  let index = Int(place)
  let (low, high) = (sorted[index], sorted[min(index + 1, sorted.count - 1)])
  let rest = place - Double(index)
  if rest == 0 || low == high { return low }
  // On the way to something infinite all is.
  if low.isInfinite { return low }
  if high.isInfinite { return high }
  // From the nearer end, so that both ends are met exactly.
  return rest < 0.5 ? low + (high - low) * rest : high - (high - low) * (1 - rest)
}

/// Where the middle half of some values lies.
package struct Quartiles: Hashable, Sendable {
  /// A quarter of the values, a half and three quarters lie below these.
  package let first: Double
  package let median: Double
  package let third: Double

  /// - Precondition: At least one value.
  package init(of values: [Double]) {
    first = quantile(0.25, of: values)
    median = quantile(0.5, of: values)
    third = quantile(0.75, of: values)
  }
}
