import Foundation

/// A value to write beside an axis.
package struct Tick: Hashable, Sendable {
  package var value: Double
  package var label: String

  package init(_ value: Double, label: String) { (self.value, self.label) = (value, label) }

  /// - Parameter digits: How many of the value's digits its label has.
  init(_ value: Double, digits: Int = 6) {
    self.init(value, label: numberText(value, digits: digits))
  }
}

extension Scale {
  /// Values within the range whose first digit is 1, 2 or 5, some five of them and at least two.
  package var ticks: [Tick] {
    let ticks = isLogarithmic ? logarithmicTicks : linearTicks
    guard ticks.count < 2 else { return ticks }
    let others = linearTicks
    return others.count < 2 ? [Tick(lower, digits: 17), Tick(upper, digits: 17)] : others
  }

  /// Values between ticks that have a mark and no label.
  package var minorTicks: [Double] {
    let labelled = ticks.map(\.value)
    return (isLogarithmic && logarithmicTicks.count >= 2 ? factors : parts)
      .filter { value in
        contains(value)
          && labelled.allSatisfy { abs(position(of: $0) - position(of: value)) > 1e-6 }
      }
  }

  /// The distance of linear ticks; nil where the range has no room for round values.
  private var step: (value: Double, power: Double)? {
    let rough = (upper - lower) / 5
    guard rough.isNormal, (1 / rough).isFinite else { return nil }
    let power = pow(10, floor(log10(rough)))
    return ([1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.85 } ?? rough, power)
  }

  private func multiples(of step: Double) -> [Double] {
    let first = (lower / step).rounded(.up)
    let count = Int((upper / step).rounded(.down) - first) + 1
    // Division by a whole number keeps 0.3 what it is; 3 · 0.1 is another.
    return (0..<max(count, 0)).map { first + Double($0) }
      .map { step < 1 ? $0 / (1 / step).rounded() : $0 * step }
  }

  private var linearTicks: [Tick] {
    guard let step = step?.value else { return [] }
    let largest = max(abs(lower), abs(upper))
    // As many as tell one label from the next; a double has no more than 17.
    let digits = min(max(6, Int(floor(log10(largest)) - floor(log10(step))) + 1), 17)
    let ticks = multiples(of: step).map { Tick($0, digits: digits) }
    return Set(ticks.map(\.label)).count < ticks.count ? [] : ticks
  }

  /// Fifths of the linear ticks' distance, or quarters where that is a 2.
  private var parts: [Double] {
    guard let step, linearTicks.count >= 2 else { return [] }
    let isTwo = (step.value / step.power).rounded() == 2
    return multiples(of: step.value / (isTwo ? 4 : 5))
  }

  private var powers: ClosedRange<Int> {
    Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
  }

  private var logarithmicTicks: [Tick] {
    let powers = powers
    let factors: [Double] = powers.count > 4 ? [1] : [1, 2, 5]
    let every = max(1, powers.count / 6)
    let values = powers.filter { $0.isMultiple(of: every) }
      .flatMap { power in factors.map { $0 * pow(10, Double(power)) } }.filter(contains)
    // Powers far from 1 are written as such, and then all are.
    let areNear = values.allSatisfy { 0.001...100_000 ~= $0 }
    return values.map { value in
      areNear ? Tick(value) : Tick(value, label: Self.powerText(value))
    }
  }

  /// `value` as a power of ten, or some of them.
  private static func powerText(_ value: Double) -> String {
    let power = Int(floor(log10(value) + 1e-9))
    let factor = Int((value / pow(10, Double(power))).rounded())
    return (factor == 1 ? "" : "\(factor)·") + "10" + superscript(power)
  }

  /// What lies between powers of ten, or the powers where these are many, or nothing.
  private var factors: [Double] {
    guard powers.count <= 60 else { return [] }
    return powers.flatMap { power in
      (powers.count > 12 ? [1.0] : [2, 3, 4, 5, 6, 7, 8, 9]).map { $0 * pow(10, Double(power)) }
    }
  }
}
