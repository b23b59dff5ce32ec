import Figures
import Statistics
import Trainer

/// Total variance against K: a curve for each estimator with several K's, and a level line for each other
/// row; bands are intervals of 95 %.
struct VarianceFigure {
  let chart: LineChart

  init(_ study: VarianceStudy, title: String) {
    let rows = study.rows.filter { $0.moments.totalVariance != nil }
    var families: [[VarianceRow]] = []
    for row in rows {
      let index = families.firstIndex {
        $0[0].estimator == row.estimator && row.noisePeriod != nil
      }
      if let index { families[index].append(row) } else { families.append([row]) }
    }
    let periods = families.filter { $0.count > 1 }.joined().compactMap(\.noisePeriod)
    let horizon = study.rows.first?.plan.horizon ?? 1
    let ends = [Double(periods.min() ?? 1), Double(periods.max() ?? max(2, horizon))]
    let lines = families.enumerated().map { index, family in
      let stroke = Palette.stroke(index)
      guard family.count > 1 else {
        return Self.line(family[0].title.text, stroke, ends.map { (family[0], $0) })
      }
      let sorted = family.sorted { ($0.noisePeriod ?? 0) < ($1.noisePeriod ?? 0) }
      return Self.line(
        Self.name(of: sorted), stroke, sorted.map { ($0, Double($0.noisePeriod ?? 0)) })
    }
    var chart = LineChart(
      title: title, xTitle: "K: steps for which one noise is kept",
      yTitle: "total variance of an estimate", lines: lines)
    (chart.hasLogarithmicX, chart.hasLogarithmicY) = (true, true)
    self.chart = chart
  }

  /// `GPES (PES at K 100, NRES at K 2000)`
  private static func name(of family: [VarianceRow]) -> String {
    let named = family.filter { $0.title.openPeriod == nil }
      .compactMap { row in row.noisePeriod.map { "\(row.title.name) at K \($0)" } }
    return family[0].familyName + (named.isEmpty ? "" : " (\(named.joined(separator: ", ")))")
  }

  private static func line(
    _ name: String, _ stroke: Stroke, _ places: [(row: VarianceRow, x: Double)]
  ) -> Line {
    var line = Line(name, stroke, points: [])
    for (row, x) in places {
      guard let variance = row.moments.totalVariance else { continue }
      line.points.append(Line.Point(x, variance.value))
      guard let error = variance.standardError else { continue }
      line.band.append(
        Line.Extent(
          x: x, lower: variance.value - 1.96 * error, upper: variance.value + 1.96 * error))
    }
    return line
  }
}
