import Figures
import Foundation
import Records
import Settings
import Trainer

/// The charts of a report.
enum ReportFigures {
  /// A chart, drawn for wide pages and for narrow ones.
  static func figure(_ chart: LineChart, caption: String) throws -> HTML {
    var (wide, narrow) = (chart, chart)
    (wide.width, wide.height) = (340, 220)
    (narrow.width, narrow.height) = (215, 190)
    let pictures = try [wide, narrow].map { Data(try $0.bytes(as: .svg)) }
    let type = "image/svg+xml"
    return """
      <figure>
      <picture>
      <source media="screen and (max-width: 40rem)" srcset="\(data: pictures[1], type: type)">
      <img class="chart" src="\(data: pictures[0], type: type)" alt="\(description(of: chart))">
      </picture>
      <figcaption>\(caption)</figcaption>
      </figure>
      """
  }

  /// A chart in words: where each curve begins and ends.
  private static func description(of chart: LineChart) -> String {
    let lines = chart.lines.compactMap { line -> String? in
      guard let first = line.points.first, let last = line.points.last else { return nil }
      func place(_ point: Line.Point) -> String {
        "\(point.y.isFinite ? numberText(point.y, digits: 4) : "no number") at \(numberText(point.x, digits: 4))"
      }
      return (line.name.isEmpty ? "" : "\(line.name): ") + "from \(place(first)) to \(place(last))"
    }
    return "Curves of \(chart.yTitle) over \(chart.xTitle). " + lines.joined(separator: "; ") + "."
  }

  /// What the runs are judged by over iterations and over steps; their mean loss where none was evaluated.
  static func curves(of task: ReportTask) throws -> HTML {
    let runs = task.runs.filter(\.hasTable)
    var notes: [HTML] = []
    var (tag, label) = (task.headline.tag, task.headline.label)
    let isLoss = !task.headline.isHigherBetter
    if !task.rows.contains(where: { $0.scores.last != nil }) {
      notes.append(
        """
        <p>No run has an evaluation yet: the mean loss of each update is shown instead. \
        <code>--run-test-during-training</code> evaluates now and then.</p>
        """)
      (tag, label) = ("mean_loss", "mean loss")
    }
    guard let curves = try curves(of: runs, tag, over: .iterations) else {
      return "<p>No run has any number yet.</p>"
    }
    let bySteps =
      try CurveAxis.sequentialSteps.curves(of: runs, tag)
      ?? CurveAxis.envSteps.curves(of: runs, tag)
    notes += curves.notes.map { "<p class=\"quiet\">\($0)</p>" }
    let hasBand = curves.lines.contains { !$0.band.isEmpty }
    let band = hasBand ? "; the median of the seeds, in a band from quartile to quartile" : ""
    var figures = [
      try figure(
        chart(curves, .iterations, label, isLoss: isLoss),
        caption: "\(label) over iterations\(band)")
    ]
    if let (axis, curves) = bySteps {
      figures.append(
        try figure(
          chart(curves, axis, label, isLoss: isLoss),
          caption: axis == .sequentialSteps
            ? "\(label) over the steps that one particle takes after another"
            : "\(label) over the steps of all particles"))
    }
    return "\(notes)\n<div class=\"figures\">\n\(figures)\n</div>"
  }

  /// θ's own numbers, where a run logs them because they are few.
  static func theta(of task: ReportTask) throws -> HTML? {
    let runs = task.runs.filter(\.hasTable)
    guard let first = runs.first else { return nil }
    let tags = try RunCurve(of: first, tag: "", over: .iterations).tags
    // They stand beside the task's own time.
    guard let prefix = tags.first(where: { $0.hasSuffix("/time") })?.dropLast("time".count) else {
      return nil
    }
    let names = tags.filter { $0.hasPrefix(prefix) && !$0.hasSuffix("/time") }.sorted()
    let figures = try names.prefix(4).compactMap { tag -> HTML? in
      guard let curves = try curves(of: runs, tag, over: .iterations) else { return nil }
      let name = String(tag.dropFirst(prefix.count))
      return try figure(
        chart(curves, .iterations, name), caption: "\(name), a number of θ, over iterations")
    }
    return figures.isEmpty ? nil : "<div class=\"figures\">\n\(figures)\n</div>"
  }

  private static func chart(
    _ curves: RunCurves, _ axis: CurveAxis, _ label: String, isLoss: Bool = false
  ) -> LineChart {
    var chart = LineChart(title: "", xTitle: axis.title, yTitle: label, lines: curves.lines)
    if isLoss { chart.showSizes() }
    return chart
  }

  /// Nil where no run has `tag`.
  fileprivate static func curves(
    of runs: [RunSummary], _ tag: String, over axis: CurveAxis
  ) throws -> RunCurves? {
    do {
      return try RunCurves(of: runs, tag: tag, over: axis)
    } catch is UnknownName {
      return nil
    } catch is SettingsError {
      return nil
    }
  }
}

extension LineChart {
  /// Has losses of several sizes on a logarithmic axis.
  mutating func showSizes() {
    let values = lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else { return }
    hasLogarithmicY = least > 0 && most > 20 * least
  }
}

extension CurveAxis {
  /// The curves over this axis; nil where a run does not say its steps.
  fileprivate func curves(
    of runs: [RunSummary], _ tag: String
  ) throws -> (axis: CurveAxis, curves: RunCurves)? {
    do {
      return try ReportFigures.curves(of: runs, tag, over: self).map { (self, $0) }
    } catch let error as RecordError where error.kind == .dataError {
      return nil
    }
  }
}
