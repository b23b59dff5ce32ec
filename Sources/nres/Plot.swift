import ArgumentParser
import Figures
import Foundation
import Records
import Settings
import Statistics
import Trainer

/// `nres plot`: learning curves of runs.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw learning curves of runs, or print a table of them.",
    discussion: """
      Runs that differ in their seed alone are one curve: the median of the iterations that all of \
      them have, in a band from the first quartile to the third, or as --band says. Curves are named \
      after the settings in which they differ. Of a run that is going on, its curve until then is \
      drawn.

      The table has each curve's last value, its best and its mean height (the area below it over its \
      length, until where the shortest curve ends): means of the seeds with 95 % intervals of 10 000 \
      bootstrap samples; and where it comes to each threshold: the median of the seeds, and where the \
      mean of the seeds does.

      EXAMPLES:
        nres plot runs/rl/swimmer-nres-20260101-120000 --threshold 325 --output a.png
        nres plot runs/nres runs/pes --x env-steps --log-x --output a.svg
        nres plot runs --tag mean_loss --log-y --output a.pdf
        nres plot runs --threshold 325 --x sequential-steps --table markdown
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs, or folders with all runs in them and below.", valueName: "run | folder"))
  var paths: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A .png, .svg or .pdf file to make or replace.", valueName: "path"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Print a table: \(Table.Format.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"))
  var table: String?

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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What is drawn of several seeds: quartiles (the median between them; the default), confidence "
        + "(the mean in its 95 % interval by Student's t), bootstrap (the same by resampling), range "
        + "(the mean between the least and the largest).",
      valueName: "band"))
  var band: String?

  @Flag(name: .customLong("log-x"), help: "Logarithmic x axis.")
  var hasLogarithmicX = false

  @Flag(name: .customLong("log-y"), help: "Logarithmic y axis.")
  var hasLogarithmicY = false

  @Option(
    name: .customLong("threshold"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A value worth reaching, a line across; can be given again.", valueName: "value"))
  var thresholds: [Double] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What `nres baselines --json` printed: each optimizer's best loss is a line across.",
      valueName: "path"))
  var baselines: String?

  @Option(
    name: .customLong("y-range"), parsing: .unconditional,
    help: ArgumentHelp("The ends of the y axis: 0.5,2.5.", valueName: "least,most"))
  var yRange: String?

  func run() throws {
    let format = try output.map { try FigureFormat(output: $0) }
    let tableFormat = try table.map { name in
      try Table.Format.allCases.named(name, kind: "--table") { $0.rawValue }
    }
    guard format != nil || tableFormat != nil else {
      throw SettingsError("nothing is asked for: give --output curves.svg, or --table text")
    }
    if let value = thresholds.first(where: { !Scale.canDraw($0, isLogarithmic: false) }) {
      throw SettingsError("--threshold is \(value): it must be a finite number")
    }
    let axis = try CurveAxis.allCases.named(axis ?? "iterations", kind: "--x") { $0.rawValue }
    let band = try band.map { name in
      try Band.allCases.named(name, kind: "--band") { $0.rawValue }
    }
    let range = try parsedRange()
    let levels = try baselines.map { try BaselineFile(path: $0).bests } ?? []
    let runs = try RunSummary.named(paths)
    let headline = try runs.commonHeadline()
    let tag = tag ?? headline.tag
    let curves = try RunCurves(of: runs, tag: tag, over: axis, band: band)
    tell(notes: curves.notes)
    if let format, let output {
      var chart = LineChart(
        title: runs[0].subject ?? "", xTitle: axis.title,
        yTitle: tag == headline.tag ? headline.label : tag, lines: curves.lines)
      (chart.hasLogarithmicX, chart.hasLogarithmicY) = (hasLogarithmicX, hasLogarithmicY)
      chart.yRange = range
      chart.thresholds =
        thresholds.map { LineChart.Threshold($0, name: numberText($0)) }
        + levels.map { LineChart.Threshold($0.loss, name: $0.text) }
      try writeAtomically(Data(chart.bytes(as: format)), to: output)
      // A table alone is what goes on to another program.
      if tableFormat == nil { tell("wrote \(output)") } else { tell(notes: ["wrote \(output)"]) }
    }
    if let tableFormat {
      let isHigherBetter =
        tag == headline.tag ? headline.isHigherBetter : tag.contains("reward")
      let summaries = CurveSummary.summaries(
        of: curves.groups, thresholds: thresholds + levels.map(\.loss),
        isHigherBetter: isHigherBetter)
      let table = CurveTable(summaries, decimals: headline.decimals, over: axis)
      for line in table.lines(as: tableFormat) { try printLine(line) }
    }
  }

  private func parsedRange() throws -> ClosedRange<Double>? {
    guard let yRange else { return nil }
    let ends = yRange.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard ends.count == 2, let lower = ends[0], let upper = ends[1], lower < upper,
      [lower, upper].allSatisfy({ Scale.canDraw($0, isLogarithmic: hasLogarithmicY) })
    else {
      throw SettingsError(
        "--y-range is '\(yRange)': give two "
          + (hasLogarithmicY ? "positive numbers" : "numbers") + ", the less first: 0.5,2.5")
    }
    return lower...upper
  }
}
