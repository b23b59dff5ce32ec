import Records
import Settings
import Trainer

/// The runs of one task in a report, with what each has reached.
struct ReportTask {
  /// A run with its evaluations and the number of its group.
  struct Row {
    let run: RunSummary
    let scores: RunScores
    let group: Int
  }

  /// The environment, system or data.
  let subject: String
  let family: String
  let headline: Headline
  let groups: [RunGroup]
  /// By groups.
  let rows: [Row]

  /// Runs by their tasks, in the order of the first of each.
  ///
  /// - Throws: What is wrong with a run's files.
  static func tasks(of runs: [RunSummary]) throws -> [ReportTask] {
    var tasks: [[RunSummary]] = []
    for run in runs {
      // Says what is wrong with it.
      _ = try run.folder.configuration()
      let isSame = { (task: [RunSummary]) in
        task[0].subject == run.subject && task[0].application?.family == run.application?.family
      }
      if let index = tasks.firstIndex(where: isSame) {
        tasks[index].append(run)
      } else {
        tasks.append([run])
      }
    }
    return try tasks.map { try ReportTask(of: $0) }
  }

  /// - Parameter runs: Of one task, and at least one.
  private init(of runs: [RunSummary]) throws {
    guard let application = runs[0].application else {
      throw RecordError(
        .dataError, runs[0].folder.configurationPath, "names no application that is known")
    }
    (family, headline) = (application.family, application.headline)
    subject = runs[0].subject ?? family
    groups = try RunGroup.groups(of: runs)
    rows = try groups.enumerated().flatMap { index, group in
      try group.runs.map { Row(run: $0, scores: try RunScores(of: $0), group: index) }
    }
  }

  var runs: [RunSummary] { rows.map(\.run) }

  /// What tells the groups apart, or how many they are.
  var summary: String {
    groups.count > 4
      ? "\(subject): \(groups.count) settings"
      : "\(subject): " + groups.map(\.label).joined(separator: "; ")
  }

  /// The best run of each of at most `count` groups, the best group first; a run without any evaluation
  /// comes last.
  func bestRows(_ count: Int) -> [Row] {
    func isBetter(_ row: Row, _ other: Row) -> Bool {
      guard let best = row.scores.best?.value else { return false }
      return other.scores.best.map { headline.isBetter(best, than: $0.value) } ?? true
    }
    let best = groups.indices.compactMap { group in
      rows.filter { $0.group == group }.min(by: isBetter)
    }
    return Array(best.sorted(by: isBetter).prefix(count))
  }

  /// A value of what the runs are judged by.
  func text(_ value: Double) -> String {
    decimal(value, headline.decimals).replacing("-", with: "−")
  }
}
