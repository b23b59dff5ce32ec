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
    package let score: Evaluated
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
      let evaluated = score == .last ? summary.status?.latest : summary.status?.best
      guard let evaluated else {
        throw RecordError(
          .dataError, found.path, "has no evaluation yet: train with --run-test-during-training")
      }
      return ScoredRun(summary: summary, score: evaluated)
    }
  }

  /// A note of runs that are not finished; nil where all are.
  package var note: String? {
    let unfinished = runs.filter { $0.summary.state != .finished }
    if unfinished.isEmpty { return nil }
    let states = unfinished.map { "\($0.summary.folder.path) is \($0.summary.state.rawValue)" }
    return states.joined(separator: ", ")
  }

  package var scores: [Double] { runs.map(\.score.value) }

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
    let free: Set = ["remaining-seed", "threads", "physics", "checkpoint-every", "log-every"]
    return RunSettings.declarations.filter { !$0.isPath && !free.contains($0.name) }
      .compactMap { declaration in
        let values = map { $0.values(of: declaration.name) }
        return Set(values.flatMap(\.self)).count > 1 ? (declaration.name, values) : nil
      }
  }
}
