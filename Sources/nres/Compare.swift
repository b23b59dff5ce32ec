import ArgumentParser
import Figures
import Foundation
import Records
import Settings
import Trainer

/// `nres compare`: which of several groups of runs is better, and how sure that is.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare runs, or folders of runs that differ in seed.",
    discussion: """
      Of each group the median, the mean and the interquartile mean of its runs' scores, and how much \
      better than the first group it is: the difference of means, and the probability that one of its \
      runs is better than one of the first group's. Intervals are of 95 %, by 10 000 stratified \
      bootstrap samples (Agarwal et al. 2021); where a group has one run there are none, and of few \
      runs they are too narrow: of 3 they hold the mean in 3 of 4 cases, of 5 in 5 of 6. A run that \
      diverged or failed counts as the worst that there is.

      EXAMPLES:
        nres train halfcheetah-nres --seed-list 83,89,97 --run-dir nres
        nres train halfcheetah-pes --seed-list 83,89,97 --run-dir pes
        nres compare pes nres --output which.svg
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs, or folders that hold some; the others are compared with the first.", valueName: "runs")
  )
  var groups: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A run's last evaluation, or its best.", valueName: "score"))
  var score = "last"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A .png, .svg or .pdf file to make or replace: a picture of each run's score and each group's "
        + "mean.", valueName: "path"))
  var output: String?

  @Flag(help: "Print JSON, a line for each group.")
  var json = false

  func run() throws {
    let format = try output.map { try FigureFormat(output: $0) }
    guard let score = ComparedRuns.Score(rawValue: score) else {
      throw UnknownName(
        kind: "--score", name: score, choices: ComparedRuns.Score.allCases.map(\.rawValue))
    }
    guard groups.count > 1 else {
      throw SettingsError("one group of runs is named: name two or more to compare")
    }
    let found = try groups.map { try ComparedRuns($0, score: score) }
    let headline = try found.commonHeadline()
    tell(notes: found.flatMap(\.notes))
    let rows = found.enumerated().map { index, group in
      ComparedGroup(group, with: index == 0 ? nil : found[0], headline)
    }
    if json {
      for row in rows { try printLine(jsonLine(row)) }
    } else {
      try printLine(ComparisonText(rows, found, headline, score).text)
    }
    if let format, let output {
      var chart = IntervalChart(
        title: found[0].runs[0].summary.subject ?? "",
        xTitle: "\(score.rawValue) \(headline.label)",
        groups: zip(rows, found).map { row, group in
          IntervalChart.Group(
            printable(row.name), values: group.scores, middle: row.mean,
            interval: row.meanInterval.map { $0[0]...$0[1] })
        },
        valueName: "runs", middleName: "mean, with its 95 % interval")
      chart.reference = rows[0].mean
      try writeAtomically(Data(chart.bytes(as: format)), to: output)
      tell(notes: ["wrote \(output)"])
    }
  }
}
