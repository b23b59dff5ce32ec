import Foundation

/// The value that a part of Student's t distribution lies below: 2.776 for 0.975 and 4 degrees of freedom.
///
/// - Parameters:
///   - part: Between 0 and 1.
///   - degrees: Of freedom, at least 1: of a mean, the number of values less one.
package func studentT(_ part: Double, degrees: Int) -> Double {
  precondition(part > 0 && part < 1 && degrees > 0, "a part, and a degree of freedom")
  if part < 0.5 { return -studentT(1 - part, degrees: degrees) }
  // The distribution has a closed form in the angle of which t / √degrees is the tangent.
  var (lower, upper) = (0.0, Double.pi / 2)
  while true {
    let middle = lower + (upper - lower) / 2
    guard lower < middle, middle < upper else { break }
    if 0.5 + middlePart(middle, degrees) / 2 < part { lower = middle } else { upper = middle }
  }
  return tan(lower) * Double(degrees).squareRoot()
}

/// The part of the distribution between −t and t (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
private func middlePart(_ angle: Double, _ degrees: Int) -> Double {
  let isOdd = !degrees.isMultiple(of: 2)
  let square = cos(angle) * cos(angle)
  var term = isOdd ? cos(angle) : 1
  var sum = degrees > 1 ? term : 0
  for index in stride(from: isOdd ? 3 : 2, to: degrees, by: 2) {
    term *= square * Double(index - 1) / Double(index)
    sum += term
  }
  return isOdd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
}
