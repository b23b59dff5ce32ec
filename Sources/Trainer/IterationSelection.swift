import Foundation

/// Which iterations of a run are asked for: `0`, `last`, `0,10,best`, `every:10`, `all`.
///
/// What a text means depends on the run, so it is read when the run's iterations are known.
public struct IterationSelection: Hashable, Sendable {
  /// The best iteration where evaluations were logged, else the last one.
  public static let bestOrLast = IterationSelection(flag: "", text: nil, form: .one)

  private let flag: String
  private let text: String?
  private let form: Form

  private enum Form {
    case one, oneOrAll, several
  }

  /// A number, `last` or `best`, as the flag `flag` says.
  public static func one(_ text: String, flag: String = "--iteration") -> IterationSelection {
    IterationSelection(flag: flag, text: text, form: .one)
  }

  /// A number, `last`, `best` or `all`.
  public static func oneOrAll(_ text: String, flag: String = "--iteration") -> IterationSelection {
    IterationSelection(flag: flag, text: text, form: .oneOrAll)
  }

  /// Any number of the following between commas: a number, `last`, `best`, `all`, and `every:n`,
  /// which means 0, n, 2n, … and the last.
  public static func several(_ text: String, flag: String = "--iterations") -> IterationSelection {
    IterationSelection(flag: flag, text: text, form: .several)
  }

  /// The selected iterations in the order given, each once.
  ///
  /// - Parameters:
  ///   - written: The iterations there are, from 0; at least one.
  ///   - best: The best of them; nil without evaluations. Called if it is needed.
  /// - Throws: `SettingsError` with the flag and what can be chosen; what `best` throws.
  public func iterations(in written: Range<Int>, best: () throws -> Int?) throws -> [Int] {
    precondition(!written.isEmpty, "a run of at least one iteration")
    let last = written.upperBound - 1
    guard let text else { return [try best() ?? last] }
    let parts =
      form == .several ? text.split(separator: ",", omittingEmptySubsequences: false) : [text[...]]
    var seen: Set<Int> = []
    return try parts.flatMap { part in
      let word = part.trimmingCharacters(in: .whitespaces).lowercased()
      switch word {
      case "last": return [last]
      case "best":
        if let best = try best() { return [best] }
        throw SettingsError(
          "\(flag) best needs a finite evaluation and none is logged: give \(choices(in: written))")
      case "all" where form != .one: return Array(written)
      default:
        if form == .several, word.hasPrefix("every:"), let period = Int(word.dropFirst(6)),
          period > 0
        {
          return written.filter { $0.isMultiple(of: period) || $0 == last }
        }
        guard let iteration = Int(word) else {
          throw SettingsError("\(flag) is '\(text)': give \(choices(in: written))")
        }
        guard written.contains(iteration) else {
          throw SettingsError(
            "\(flag) \(iteration) is not in this run: choose \(described(written))")
        }
        return [iteration]
      }
    }.filter { seen.insert($0).inserted }
  }

  private func choices(in written: Range<Int>) -> String {
    let numbers = described(written)
    return switch form {
    case .one: "\(numbers), last or best"
    case .oneOrAll: "\(numbers), last, best or all"
    case .several: "\(numbers), last, best, every:10 or all, or several between commas"
    }
  }

  private func described(_ written: Range<Int>) -> String {
    written.count == 1 ? "0" : "0 to \(written.upperBound - 1)"
  }
}
