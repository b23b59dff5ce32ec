import ArgumentParser
import Figures
import Foundation
import Records
import Settings
import Trainer

/// `nres plot`: learning curves of runs.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw learning curves of runs.",
    discussion: """
      Runs that differ in their seed alone are one curve: the median of the iterations that all of \
      them have, in a band from the first quartile to the third. Curves are named after the settings \
      in which they differ. Of a run that is going on, its curve until then is drawn.

      EXAMPLES:
        nres plot runs/rl/swimmer-nres-20260101-120000 --threshold 325 --output a.png
        nres plot runs/nres runs/pes --x env-steps --log-x --output a.svg
        nres plot runs --tag mean_loss --log-y --output a.pdf
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs, or folders with all runs in them and below.", valueName: "run | folder"))
  var paths: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A .png, .svg or .pdf file to make or replace.", valueName: "path"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What is drawn: a tag of scalars.csv (default: what the runs are judged by).",
      valueName: "tag"))
  var tag: String?

  @Option(
    name: .customLong("x"), parsing: .unconditional,
    help: ArgumentHelp(
      "Over what: \(CurveAxis.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: iterations).",
      valueName: "axis"))
  var axis: String?

  @Flag(name: .customLong("log-x"), help: "Logarithmic x axis.")
  var hasLogarithmicX = false

  @Flag(name: .customLong("log-y"), help: "Logarithmic y axis.")
  var hasLogarithmicY = false

  @Option(
    name: .customLong("threshold"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A value worth reaching, a line across; can be given again.", valueName: "value"))
  var thresholds: [Double] = []

  func run() throws {
    guard let format = FigureFormat(path: output) else {
      throw SettingsError("--output is '\(output)': the name must end in .png, .svg or .pdf")
    }
    if let value = thresholds.first(where: { !Scale.canDraw($0, isLogarithmic: false) }) {
      throw SettingsError("--threshold is \(value): it must be a finite number")
    }
    let axis = try CurveAxis.allCases.named(axis ?? "iterations", kind: "axis") { $0.rawValue }
    let runs = try namedRuns(paths)
    let headline = try commonHeadline(of: runs)
    let curves = try RunCurves(of: runs, tag: tag ?? headline.tag, over: axis)
    tell(notes: curves.notes)
    var chart = LineChart(
      title: runs[0].subject ?? "", xTitle: axis.title,
      yTitle: tag.map { $0 == headline.tag ? headline.label : $0 } ?? headline.label,
      lines: curves.lines)
    (chart.hasLogarithmicX, chart.hasLogarithmicY) = (hasLogarithmicX, hasLogarithmicY)
    chart.thresholds = thresholds.map { LineChart.Threshold($0, name: numberText($0)) }
    try writeAtomically(Data(chart.bytes(as: format)), to: output)
    tell("wrote \(output)")
  }

  /// What all of the runs are judged by.
  private func commonHeadline(of runs: [RunSummary]) throws -> Headline {
    for run in runs {
      // Says what is wrong with it.
      _ = try run.folder.configuration()
      guard run.application?.family == runs[0].application?.family, run.subject == runs[0].subject
      else {
        throw SettingsError(
          "\(run.folder.path) is of \(run.subject ?? "?"), and \(runs[0].folder.path) of "
            + "\(runs[0].subject ?? "?"): runs of one task share an axis")
      }
    }
    guard let headline = runs[0].headline else {
      throw RecordError(
        .dataError, runs[0].folder.configurationPath, "names no application that is known")
    }
    return headline
  }
}
