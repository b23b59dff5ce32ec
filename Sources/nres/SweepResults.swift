import Figures
import Foundation
import Records
import Statistics
import Trainer

/// What a sweep has found.
struct SweepResults {
  /// A combination and what its runs have reached.
  private struct Row {
    var values: [String]
    var iteration: Int?
    /// Of runs that have diverged or failed the worst that there is.
    var last: [Double] = []
    var best: [Double] = []
    var broken = 0
  }

  private let sweep: Sweep
  private let path: String
  private let headline: Headline?
  private let rows: [Row]

  init(_ sweep: Sweep, in path: String) {
    (self.sweep, self.path) = (sweep, path)
    var rows = sweep.combinations.map { Row(values: $0) }
    var headline: Headline?
    for point in sweep.points {
      guard let run = sweep.summary(of: point, in: path) else { continue }
      headline = headline ?? run.headline
      let index = point.combination
      rows[index].iteration = max(rows[index].iteration ?? 0, run.status?.iteration ?? 0)
      guard let scores = try? RunScores(of: run), let headline else { continue }
      if let last = scores.rankedLast(headline) { rows[index].last.append(last) }
      if let best = scores.best { rows[index].best.append(best.value) }
      if scores.hasBroken { rows[index].broken += 1 }
    }
    (self.rows, self.headline) = (rows, headline)
  }

  /// A row for each combination, the best first: its runs that have been evaluated, how many of them diverged
  /// or failed, and the median of their last evaluations and of their best.
  var lines: [String] {
    let decimals = headline?.decimals ?? 1
    func text(_ values: [Double]) -> String {
      values.isEmpty || !median(values).isFinite ? "-" : decimal(median(values), decimals)
    }
    let label = headline?.label ?? "headline"
    let hasBroken = rows.contains { $0.broken > 0 }
    // Of halving, those that went farther come first: they were the better ones.
    let sorted = rows.sorted { one, other in
      if sweep.isHalving, one.iteration != other.iteration {
        return one.iteration ?? -1 > other.iteration ?? -1
      }
      return isBetter(one.last, than: other.last)
    }
    return textTable(
      [
        sweep.axes.map(\.name) + (sweep.isHalving ? ["iterations"] : [])
          + ["runs"] + (hasBroken ? ["failed"] : []) + ["last \(label)", "best \(label)"]
      ]
        + sorted.map { row in
          row.values.map { printable($0) }
            + (sweep.isHalving ? [row.iteration.map { "\($0)" } ?? "-"] : [])
            + ["\(row.last.count)"] + (hasBroken ? ["\(row.broken)"] : [])
            + [text(row.last), text(row.best)]
        })
  }

  private func isBetter(_ one: [Double], than other: [Double]) -> Bool {
    guard let headline, let value = score(one) else { return false }
    guard let second = score(other) else { return true }
    return headline.isBetter(value, than: second)
  }

  /// The median; nil for none and for one that is not finite.
  private func score(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let value = median(values)
    return value.isFinite ? value : nil
  }

  /// Draws the last numbers over the first two axes, or over the only one.
  ///
  /// - Returns: The picture's path; nil where there is nothing to draw.
  func writePicture() throws -> String? {
    guard let headline, let figure = figure(headline) else { return nil }
    let picture = "\(path)/map.svg"
    try writeAtomically(Data(figure.bytes(as: .svg)), to: picture)
    return picture
  }

  private func figure(_ headline: Headline) -> (any Figure)? {
    let measured = rows.compactMap { row in score(row.last).map { (values: row.values, $0) } }
    guard measured.count > 1, let first = sweep.axes.first else { return nil }
    let title =
      "last \(headline.label)" + (sweep.seeds.count > 1 ? ", median of seeds" : "")
      + (sweep.isHalving ? ", where each run ended" : "")
      + (sweep.axes.count > 2 ? ", best over the rest" : "")
    if sweep.axes.count == 1 {
      let points = measured.compactMap { row in
        first.number(in: row.values[0]).map { Line.Point($0, row.1) }
      }
      guard points.count == measured.count else { return nil }
      let line = Line("", Palette.stroke(0), points: points.sorted { $0.x < $1.x })
      var chart = LineChart(title: sweep.name, xTitle: first.name, yTitle: title, lines: [line])
      let (least, most) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 0)
      chart.hasLogarithmicX = least > 0 && most / least >= 8
      chart.hasPoints = true
      return chart
    }
    let second = sweep.axes[1]
    if sweep.draw == nil {
      // Over other axes the best.
      var best: [[String]: Double] = [:]
      for row in measured {
        let place = Array(row.values.prefix(2))
        best[place] = best[place].map { headline.isBetter(row.1, than: $0) ? row.1 : $0 } ?? row.1
      }
      return CellChart(
        title: sweep.name, xTitle: second.name, yTitle: first.name, valueTitle: title,
        columns: second.values, rows: first.values,
        values: first.values.map { y in second.values.map { x in best[[y, x]] ?? .nan } },
        decimals: headline.decimals)
    }
    let points = measured.compactMap { row -> ScatterChart.Point? in
      guard let y = first.number(in: row.values[0]), let x = second.number(in: row.values[1])
      else { return nil }
      return ScatterChart.Point(x: x, y: y, value: row.1)
    }
    guard points.count == measured.count else { return nil }
    var chart = ScatterChart(
      title: sweep.name, xTitle: second.name, yTitle: first.name, valueTitle: title,
      points: points)
    chart.hasLogarithmicX = second.range?.isLogarithmic ?? false
    chart.hasLogarithmicY = first.range?.isLogarithmic ?? false
    return chart
  }
}

extension Sweep {
  /// What the experiment is called.
  fileprivate var name: String {
    experiment.contains("/") ? URL(filePath: experiment).lastPathComponent : experiment
  }
}
