import Foundation

/// A range of values along an axis.
package struct Scale: Hashable, Sendable {
  package let lower: Double
  package let upper: Double
  package let isLogarithmic: Bool

  /// Numbers beyond ± this are not drawn.
  package static let limit = 1e300

  /// - Precondition: `lower` < `upper`, a finite distance apart; both positive and normal for a
  ///   logarithmic scale.
  package init(_ lower: Double, _ upper: Double, isLogarithmic: Bool = false) {
    precondition(lower < upper && (upper - lower).isFinite, "a range of numbers")
    precondition(!isLogarithmic || lower >= .leastNormalMagnitude, "logarithms of positive numbers")
    (self.lower, self.upper, self.isLogarithmic) = (lower, upper, isLogarithmic)
  }

  /// The least scale that has all of `values` that can be on it, and a margin; from 0 to 1, or from
  /// 1 to 10, without any.
  ///
  /// - Parameter margin: The part of the values' range that is free below them and above them.
  package init(
    covering values: some Sequence<Double>, isLogarithmic: Bool = false, margin: Double = 0
  ) {
    let drawn = values.lazy.filter { Self.canDraw($0, isLogarithmic: isLogarithmic) }
    guard var lower = drawn.min(), var upper = drawn.max() else {
      self.init(isLogarithmic ? 1 : 0, isLogarithmic ? 10 : 1, isLogarithmic: isLogarithmic)
      return
    }
    if isLogarithmic {
      let reach = upper / lower < 1 + 1e-5 ? log(1.1) : (log(upper) - log(lower)) * margin
      // Without a margin the ends stay what they are, to the last bit: there may be a label.
      if reach > 0 {
        lower = max(exp(log(lower) - reach), .leastNormalMagnitude)
        upper = min(exp(log(upper) + reach), 10 * Self.limit)
      }
    } else {
      let size = max(abs(lower), abs(upper))
      let reach =
        upper - lower <= 1e-5 * size
        ? max(0.05 * size, .leastNormalMagnitude)
        : (upper - lower) * margin
      (lower, upper) = (lower - reach, upper + reach)
      if lower == upper { (lower, upper) = (-1, 1) }
    }
    self.init(lower, upper, isLogarithmic: isLogarithmic)
  }

  /// Whether a number has a place on such a scale.
  package static func canDraw(_ value: Double, isLogarithmic: Bool) -> Bool {
    abs(value) <= limit && (!isLogarithmic || value >= .leastNormalMagnitude)
  }

  /// Whether `value` has a place, be it beyond an end.
  func canDraw(_ value: Double) -> Bool { Self.canDraw(value, isLogarithmic: isLogarithmic) }

  /// Where `value` lies: 0 at the lower end, 1 at the upper.
  package func position(of value: Double) -> Double {
    isLogarithmic
      ? (log(value) - log(lower)) / (log(upper) - log(lower)) : (value - lower) / (upper - lower)
  }

  func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
