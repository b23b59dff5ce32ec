import Figures
import Foundation
import Records
import Statistics
import Trainer

/// A table of curves: a row a group of seeds.
struct CurveTable {
  private let summaries: [CurveSummary]
  /// Digits after the point.
  private let decimals: Int
  private let axis: CurveAxis

  init(_ summaries: [CurveSummary], decimals: Int, over axis: CurveAxis) {
    (self.summaries, self.decimals, self.axis) = (summaries, decimals, axis)
  }

  /// For people an interval stands in brackets; in CSV it has columns of its own, and numbers all their
  /// digits.
  func lines(as format: Table.Format) -> [String] {
    (format == .csv ? numbers : texts).lines(as: format)
  }

  /// With all their digits: they tell columns apart.
  private var thresholds: [String] {
    summaries.first?.reaches.map { reach in
      Int(exactly: reach.threshold).map { "\($0)" } ?? "\(reach.threshold)"
    } ?? []
  }

  private var texts: Table {
    func text(_ value: Double, _ decimals: Int) -> String {
      value == .infinity ? "∞" : decimal(value, decimals)
    }
    func text(_ summary: Summary, _ decimals: Int) -> String {
      text(summary.middle, decimals)
        + (summary.interval.map {
          " [\(text($0.lowerBound, decimals)), \(text($0.upperBound, decimals))]"
        } ?? "")
    }
    let places = axis == .seconds ? 1 : 0
    return Table(
      titles: ["", "runs", "final", "best", "area"] + thresholds.map { "\(axis.title) to \($0)" },
      rows: summaries.map { curve in
        [
          printable(curve.label), "\(curve.runs)", text(curve.final, decimals),
          text(curve.best, decimals), text(curve.area, decimals),
        ]
          + curve.reaches.map { reach in
            if reach.count == 0 { return "never" }
            let runs = reach.count < curve.runs ? ", \(reach.count) of \(curve.runs)" : ""
            let mean = curve.runs > 1 ? "; mean curve: \(text(reach.ofMean, places))" : ""
            return text(reach.first, places) + runs + mean
          }
      })
  }

  private var numbers: Table {
    func cells(_ summary: Summary) -> [String] {
      [summary.middle, summary.interval?.lowerBound, summary.interval?.upperBound]
        .map { $0.map { "\($0)" } ?? "" }
    }
    func titles(_ name: String) -> [String] { [name, "\(name)_lower", "\(name)_upper"] }
    let reaches = thresholds.flatMap { threshold in
      titles("\(axis.rawValue.replacing("-", with: "_"))_to_\(threshold)")
        + ["runs_that_reach_\(threshold)", "mean_curve_to_\(threshold)"]
    }
    return Table(
      titles: ["curve", "runs"] + ["final", "best", "area"].flatMap(titles) + reaches,
      rows: summaries.map { curve in
        [curve.label, "\(curve.runs)"]
          + [curve.final, curve.best, curve.area].flatMap(cells)
          + curve.reaches.flatMap { cells($0.first) + ["\($0.count)", "\($0.ofMean)"] }
      })
  }
}
