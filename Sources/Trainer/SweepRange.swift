import Foundation
import Settings

/// Numbers from one to another, of which a random sweep draws: `0.01..1`, or `SGD||CONSTANT{1e-6..1e-3}` for a
/// number within a text.
package struct SweepRange: Hashable, Sendable {
  private let prefix: Substring
  private let suffix: Substring
  private let lower: Double
  private let upper: Double
  private let isWhole: Bool

  /// Whether all orders of magnitude are drawn alike; numbers alike where some are not positive.
  package var isLogarithmic: Bool { lower > 0 }

  /// - Returns: Nil where `text` has no range.
  /// - Throws: `SettingsError` where it is none of numbers, or ends before it begins.
  init?(_ text: String, of declaration: SettingDeclaration) throws(SettingsError) {
    var range = text[...]
    let isNumber = declaration.kind == .number || declaration.kind == .wholeNumber
    if let start = text.firstIndex(of: "{"), let end = text[start...].firstIndex(of: "}") {
      range = text[text.index(after: start)..<end]
      (prefix, suffix) = (text[..<start], text[text.index(after: end)...])
    } else {
      // The dots of a path are none of a range.
      guard isNumber else { return nil }
      (prefix, suffix) = ("", "")
    }
    guard let dots = range.range(of: "..") else { return nil }
    let ends = [range[..<dots.lowerBound], range[dots.upperBound...]]
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let wholes = ends.compactMap { Int(whole: $0) }
    isWhole = declaration.kind == .wholeNumber || !isNumber && ends.allSatisfy { Int($0) != nil }
    let numbers = isWhole ? wholes.map(Double.init) : ends.compactMap { Double($0) }
    guard numbers.count == 2, numbers.allSatisfy({ abs($0) <= 1e15 }), numbers[0] < numbers[1]
    else {
      throw SettingsError(
        "--\(declaration.name) is '\(text)': a range goes from a \(isWhole ? "whole number" : "number") "
          + "to a larger one, 0.01..1, in braces within a text")
    }
    (lower, upper) = (numbers[0], numbers[1])
  }

  /// The text with the number at `part` of the range, from 0 to 1, in three digits; of whole numbers each has
  /// its part.
  func value(at part: Double) -> String {
    let upper = isWhole ? self.upper + 1 : self.upper
    let number =
      isLogarithmic
      ? exp(log(lower) + part * (log(upper) - log(lower))) : lower + part * (upper - lower)
    let text =
      isWhole
      ? "\(Int(min(max(number.rounded(.down), lower), self.upper)))"
      : String(format: "%.3g", min(max(number, lower), upper))
    return prefix + text + suffix
  }

  /// The number in a text that ``value(at:)`` gave.
  package func number(in value: String) -> Double? {
    guard value.hasPrefix(prefix), value.dropFirst(prefix.count).hasSuffix(suffix) else {
      return nil
    }
    return Double(value.dropFirst(prefix.count).dropLast(suffix.count))
  }
}
