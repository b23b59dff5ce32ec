package import Foundation
import Records
import Settings

/// Runs that are compared as one: a run, or those in a folder.
package struct ComparedRuns: Sendable {
  /// How it was named.
  package let name: String
  package let runs: [ScoredRun]

  /// A run with the number that it is judged by.
  package struct ScoredRun: Sendable {
    package let summary: RunSummary
    /// As it was measured; not a number where it was none.
    package let score: RunScores.Score
    /// The same for ranks and means: of a run that has diverged or failed the worst that there is.
    package let rank: Double
    package var seed: String { summary.seed ?? "?" }
  }

  /// Which evaluation of a run counts.
  package enum Score: String, CaseIterable, Sendable {
    case last
    case best
  }

  /// Looks for runs in `path` and below.
  ///
  /// - Throws: `RecordError` or `SettingsError` where there is none, or one that has no evaluation.
  package init(_ path: String, score: Score, now: Date = Date()) throws {
    name = path
    let found = try RunFinder(in: path).found
    guard !found.isEmpty else {
      throw RecordError(.noInput, path, "holds no run: name a run or a folder of runs")
    }
    runs = try found.map { found in
      let summary = RunSummary(path: found.path, now: now)
      if let problem = summary.problem { throw SettingsError(problem) }
      let scores = try RunScores(of: summary)
      guard let evaluated = score == .last ? scores.last : scores.best,
        let headline = summary.headline
      else {
        throw RecordError(
          .dataError, found.path, "has no evaluation yet: train with --run-test-during-training")
      }
      let rank = score == .last ? scores.rankedLast(headline) : headline.ranked(evaluated.value)
      return ScoredRun(summary: summary, score: evaluated, rank: rank ?? headline.ranked(.nan))
    }
  }

  /// What to know of its runs, a line each: those that are not finished, and seeds that are there twice.
  package var notes: [String] {
    let unfinished = runs.filter { $0.summary.state != .finished }.map { run in
      let (path, state) = (run.summary.folder.path, run.summary.state)
      return state == .diverged || state == .failed
        ? "\(path) has \(state.rawValue) and counts as the worst that there is"
        : "\(path) is \(state.rawValue)"
    }
    let repeated = Dictionary(grouping: runs.map(\.seed)) { $0 }.filter { $1.count > 1 }.keys
    return unfinished + repeated.sorted().map { "\(name): seed \($0) is there more than once" }
  }

  /// For ranks and means.
  package var scores: [Double] { runs.map(\.rank) }

  /// The values that a setting has in the group's runs, each once.
  package func values(of setting: String) -> [String] {
    var values: [String] = []
    for run in runs {
      let text = run.summary.configuration?.settings[setting] ?? "not set"
      if !values.contains(text) { values.append(text) }
    }
    return values
  }
}

extension [ComparedRuns] {
  /// The number that all are judged by.
  ///
  /// - Throws: `SettingsError` where they are of several tasks.
  package func commonHeadline() throws -> Headline {
    let all = flatMap { group in group.runs.map { (group.name, $0.summary) } }
    guard let first = all.first, let headline = first.1.headline else {
      throw SettingsError("no run is named")
    }
    for (_, run) in all where run.subject != first.1.subject || run.headline != headline {
      throw SettingsError(
        "\(first.1.folder.path) is of \(first.1.subject ?? "?"), \(run.folder.path) of "
          + "\(run.subject ?? "?"): compare runs of one task")
    }
    return headline
  }

  /// The settings that are not the same in all runs, but for seeds and places, with their values in each
  /// group.
  package func differingSettings() -> [(name: String, values: [[String]])] {
    RunSettings.compared.compactMap { declaration in
      let values = map { $0.values(of: declaration.name) }
      return Set(values.flatMap(\.self)).count > 1 ? (declaration.name, values) : nil
    }
  }
}
