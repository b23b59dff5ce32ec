import Foundation
package import Records
import Settings

/// Which iterations of a run are asked for: `0`, `last`, `0,10,best`, `every:10`, `all`.
///
/// Only iterations whose θ was kept can be. What a text means depends on the run, so it is read
/// when the run's iterations are known.
package struct IterationSelection: Hashable, Sendable {
  /// The best iteration where evaluations were logged, else the last one.
  package static let bestOrLast = IterationSelection(flag: "", text: nil, form: .one)

  private let flag: String
  private let text: String?
  private let form: Form

  private enum Form {
    case one, oneOrRegular, several
  }

  /// A number, `last` or `best`, as the flag `flag` says.
  package static func one(_ text: String, flag: String = "--iteration") -> IterationSelection {
    IterationSelection(flag: flag, text: text, form: .one)
  }

  /// A number, `last`, `best`, `all`, or `every:n`, which means 0, n, 2n, … and the last.
  package static func oneOrRegular(
    _ text: String, flag: String = "--iteration"
  ) -> IterationSelection {
    IterationSelection(flag: flag, text: text, form: .oneOrRegular)
  }

  /// Any number of those between commas.
  package static func several(_ text: String, flag: String = "--iterations") -> IterationSelection {
    IterationSelection(flag: flag, text: text, form: .several)
  }

  /// The selected iterations in the order given, each once.
  ///
  /// - Parameters:
  ///   - kept: The iterations there are; at least one.
  ///   - best: The best of them; nil without evaluations. Called if it is needed.
  /// - Throws: `SettingsError` with the flag and what can be chosen; what `best` throws.
  package func iterations(in kept: KeptIterations, best: () throws -> Int?) throws -> [Int] {
    precondition(!kept.isEmpty, "a run of at least one iteration")
    let last = kept[kept.count - 1]
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
          "\(flag) best needs a finite evaluation and none is logged: give \(choices(in: kept))")
      case "all" where form != .one: return Array(kept)
      default:
        if form != .one, let period = Self.period(word) {
          return try multiples(of: period, in: kept, last: last)
        }
        guard let iteration = Int(word) else {
          throw SettingsError("\(flag) is '\(text)': give \(choices(in: kept))")
        }
        return [try checked(iteration, in: kept)]
      }
    }.filter { seen.insert($0).inserted }
  }

  /// n where every n-th iteration is asked for, and nothing else.
  package var period: Int? { text.flatMap(Self.period) }

  private static func period(_ text: String) -> Int? {
    let word = text.trimmingCharacters(in: .whitespaces).lowercased()
    guard word.hasPrefix("every:"), let period = Int(word.dropFirst(6)) else { return nil }
    return period > 0 ? period : nil
  }

  /// 0, n, 2n, … up to the last, and that one.
  private func multiples(of period: Int, in kept: KeptIterations, last: Int) throws -> [Int] {
    let multiples = stride(from: 0, to: last, by: period)
    return try multiples.map { try checked($0, in: kept) } + [last]
  }

  /// `iteration`, if it is there.
  private func checked(_ iteration: Int, in kept: KeptIterations) throws -> Int {
    if kept.contains(iteration) { return iteration }
    let choices = kept.choices(insteadOf: iteration)
    guard kept.neighbors(of: iteration).count == 2 else {
      throw SettingsError("\(flag) \(iteration) is not in this run: choose \(choices)")
    }
    throw SettingsError(
      "\(flag) \(iteration) was not kept (--theta-every \(kept.every)): choose \(choices)")
  }

  private func choices(in kept: KeptIterations) -> String {
    let numbers = kept.summary
    return switch form {
    case .one: "\(numbers), last or best"
    case .oneOrRegular: "\(numbers), last, best, every:\(10 * kept.every) or all"
    case .several:
      "\(numbers), last, best, every:\(10 * kept.every) or all, or several between commas"
    }
  }
}
