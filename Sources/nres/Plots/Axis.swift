import Foundation

/// A range of values along pixels, and the round values to write beside it.
struct Axis {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool

  /// - Precondition: `lower` < `upper`; both positive for a logarithmic axis.
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

    init(_ value: Double) {
      self.value = value
      label = String(format: "%g", value)
    }
  }

  /// Round values within the range, some five of them.
  var ticks: [Tick] { isLogarithmic ? logarithmicTicks : linearTicks }

  private var linearTicks: [Tick] {
    let rough = (upper - lower) / 5
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
    let numbers = Int((lower / step).rounded(.up))...Int((upper / step).rounded(.down))
    // Division by a whole number keeps 0.3 what it is; 3 · 0.1 is another.
    return numbers.map { number in
      Tick(step < 1 ? Double(number) / (1 / step).rounded() : Double(number) * step)
    }
  }

  private var logarithmicTicks: [Tick] {
    let powers = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    let factors: [Double] = powers.count > 4 ? [1] : [1, 2, 5]
    let every = max(1, powers.count / 6)
    return powers.filter { ($0 - powers.lowerBound).isMultiple(of: every) }
      .flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
      .filter { (lower...upper).contains($0) }.map { Tick($0) }
  }
}
