import Foundation

/// A range of values along pixels, and the round values to write beside it.
struct Axis {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool

  /// - Precondition: `lower` < `upper`, a finite distance apart; both positive for a logarithmic
  ///   axis.
  init(_ lower: Double, _ upper: Double, isLogarithmic: Bool = false) {
    (self.lower, self.upper, self.isLogarithmic) = (lower, upper, isLogarithmic)
  }

  /// Where `value` lies: 0 at the lower end, 1 at the upper.
  func position(of value: Double) -> Double {
    isLogarithmic
      ? (log(value) - log(lower)) / (log(upper) - log(lower)) : (value - lower) / (upper - lower)
  }

  /// A value to write.
  struct Tick: Hashable {
    var value: Double
    var label: String

    /// - Parameter digits: How many of the value's digits its label has.
    init(_ value: Double, digits: Int = 6) {
      self.value = value
      label = String(format: "%.\(digits)g", value)
    }
  }

  /// Round values within the range, some five of them and at least two.
  var ticks: [Tick] {
    guard isLogarithmic else { return linearTicks }
    let ticks = logarithmicTicks
    return ticks.count < 2 ? linearTicks : ticks
  }

  private var linearTicks: [Tick] {
    let rough = (upper - lower) / 5
    guard rough.isNormal, (1 / rough).isFinite else { return ends }
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
    let first = (lower / step).rounded(.up)
    let count = Int((upper / step).rounded(.down) - first) + 1
    let largest = max(abs(lower), abs(upper))
    // As many as tell one label from the next; a double has no more than 17.
    let digits = min(max(6, Int(floor(log10(largest)) - floor(log10(step))) + 1), 17)
    // Division by a whole number keeps 0.3 what it is; 3 · 0.1 is another.
    let ticks = (0..<max(count, 0)).map { first + Double($0) }
      .map { Tick(step < 1 ? $0 / (1 / step).rounded() : $0 * step, digits: digits) }
    let isTooFine = Set(ticks.map(\.label)).count < max(2, ticks.count)
    return isTooFine ? ends : ticks
  }

  /// The ticks of a range with no room for round values.
  private var ends: [Tick] { [Tick(lower, digits: 17), Tick(upper, digits: 17)] }

  private var logarithmicTicks: [Tick] {
    let powers = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    let factors: [Double] = powers.count > 4 ? [1] : [1, 2, 5]
    let every = max(1, powers.count / 6)
    return powers.filter { ($0 - powers.lowerBound).isMultiple(of: every) }
      .flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
      .filter { (lower...upper).contains($0) }.map { Tick($0) }
  }
}
