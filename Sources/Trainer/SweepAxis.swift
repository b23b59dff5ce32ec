import Foundation
import Randomness
package import Settings

/// A setting and the values that a sweep gives it, as they are written on the command line.
package struct SweepAxis: Codable, Hashable, Sendable {
  package var name: String
  /// A list, or a single range.
  package var values: [String]

  /// - Throws: `SettingsError` for an empty value or one that is there twice.
  init(_ declaration: SettingDeclaration, _ text: String) throws(SettingsError) {
    name = declaration.name
    values = try Self.values(of: text, for: declaration)
  }

  package var declaration: SettingDeclaration? {
    RunSettings.declarations.first { $0.name == name }
  }

  /// What is drawn of; nil for a list.
  package var range: SweepRange? {
    guard values.count == 1, let declaration else { return nil }
    return (try? SweepRange(values[0], of: declaration)) ?? nil
  }

  /// The number that `value` is, or that a range has in it.
  package func number(in value: String) -> Double? {
    guard let range else {
      return declaration?.kind == .number || declaration?.kind == .wholeNumber
        ? Double(value) : nil
    }
    return range.number(in: value)
  }

  /// Settings whose value is a list already.
  private static let listsThemselves = ["lopt-hidden-dims", "lopt-hidden-channels"]

  /// The values of a list: between commas outside of parentheses and braces; where a value may have commas
  /// itself, or where there are any, between semicolons.
  static func values(
    of text: String, for declaration: SettingDeclaration
  ) throws(SettingsError) -> [String] {
    let hasCommas =
      declaration.kind == .namedValues || listsThemselves.contains(declaration.name)
    let separator: Character = hasCommas || text.contains(";") ? ";" : ","
    var values = [""]
    var depth = 0
    for character in text {
      depth += "({".contains(character) ? 1 : ")}".contains(character) ? -1 : 0
      if character == separator, depth == 0 {
        values.append("")
      } else {
        values[values.count - 1].append(character)
      }
    }
    values = values.map { $0.trimmingCharacters(in: .whitespaces) }
    guard !values.contains(""), Set(values).count == values.count else {
      throw SettingsError(
        "--\(declaration.name) is '\(text)': give different values between "
          + (separator == "," ? "commas" : "semicolons"))
    }
    return values
  }
}

extension [SweepAxis] {
  /// Every value of one with every value of the others: the last changes first.
  var grid: [[String]] {
    reduce([[]]) { rows, axis in rows.flatMap { row in axis.values.map { row + [$0] } } }
  }

  /// So many different combinations, each value drawn on its own.
  ///
  /// - Parameter seed: Of NumPy's PCG64.
  /// - Throws: `SettingsError` where there are fewer.
  func drawn(_ count: Int, seed: UInt32) throws(SettingsError) -> [[String]] {
    var generator = PCG64(seed: seed)
    var drawn: [[String]] = []
    var known: Set<[String]> = []
    // Where a thousand draws give nothing new, there is hardly anything left.
    var vain = 0
    while drawn.count < count, vain < 1000 {
      let row = map { axis in
        let part = generator.nextDouble()
        if let range = axis.range { return range.value(at: part) }
        return axis.values[Swift.min(Int(part * Double(axis.values.count)), axis.values.count - 1)]
      }
      if known.insert(row).inserted {
        drawn.append(row)
        vain = 0
      } else {
        vain += 1
      }
    }
    guard drawn.count == count else {
      throw SettingsError(
        "--random is \(count), but there are only some \(drawn.count) different combinations")
    }
    return drawn
  }
}
