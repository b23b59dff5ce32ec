import Figures
import Foundation
import Tasks
import Trainer

/// What a loss record can be written as.
enum LossFormat: String, CaseIterable {
  case png, svg, pdf, csv
}

/// Losses that can be drawn and written as a table.
protocol LossRecord {
  associatedtype Drawn: Figure
  func figure() -> Drawn
  /// CSV with a header.
  func table() -> String
}

extension LossRecord {
  func data(as format: LossFormat) throws -> Data {
    guard let format = FigureFormat(rawValue: format.rawValue) else { return Data(table().utf8) }
    return Data(try figure().bytes(as: format))
  }
}

/// A θ of two parameters.
struct Place: Hashable {
  var x: Double
  var y: Double

  init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

  /// - Parameter theta: Two numbers.
  init(_ theta: [Double]) { self.init(x: theta[0], y: theta[1]) }
}

/// Losses over a grid of θ, rows of the growing second parameter.
struct GridLosses: LossRecord {
  var map: LossMap
  var xs: [Double]
  var ys: [Double]
  var losses: Losses
  var title: String

  func figure() -> MapChart {
    let shown = losses.smoothed ?? losses.plain
    let range = LossRange(of: shown)
    var chart = MapChart(
      title: title, xTitle: map.labels[0], yTitle: map.labels[1], valueTitle: "loss",
      map: HeatMap(shown, columns: xs.count, scale: range.scale),
      xRange: xs[0]...xs[xs.count - 1], yRange: ys[0]...ys[ys.count - 1])
    (chart.hasLess, chart.hasMore) = (range.hasLess, range.hasMore)
    chart.marks = [
      MapChart.Mark("truth", x: map.truth[0], y: map.truth[1], Palette.vermilion),
      MapChart.Mark("start", x: map.start[0], y: map.start[1], .black),
    ]
    return chart
  }

  func table() -> String {
    let places = ys.flatMap { y in xs.map { x in "\(x),\(y)" } }
    return lines(map.names.joined(separator: ","), places, losses)
  }
}

/// Losses along a line between two θ's.
struct LineLosses: LossRecord {
  var map: LossMap
  /// At least two.
  var places: [Place]
  var losses: Losses
  var title: String

  func figure() -> LineChart {
    func label(_ place: Place) -> String {
      "(\(numberText(place.x, digits: 4)), \(numberText(place.y, digits: 4)))"
    }
    let steps = Double(places.count - 1)
    func line(_ name: String, _ losses: [Double], _ stroke: Stroke) -> Line {
      Line(
        name, stroke, points: losses.enumerated().map { Line.Point(Double($0) / steps, $1) })
    }
    var chart = LineChart(
      title: title,
      xTitle: "way from (\(map.labels.joined(separator: ", "))) = \(label(places[0])) to "
        + label(places[places.count - 1]),
      yTitle: "loss", lines: [line("loss", losses.plain, Stroke(Palette.sky, width: 0.6))])
    if let smoothed = losses.smoothed {
      chart.lines.append(line("smoothed loss", smoothed, Stroke(Palette.vermilion, width: 1.6)))
    }
    let highest = chart.lines.flatMap(\.points).map(\.y).filter(\.isFinite).max() ?? 1
    chart.yRange = 0...(highest > 0 ? highest : 1) * 1.05
    chart.shades = gaps.map { gap in
      LineChart.Shade(
        max(0, Double(gap.lowerBound) - 0.5) / steps...min(steps, Double(gap.upperBound) - 0.5)
          / steps)
    }
    chart.shadeName = "not finite"
    return chart
  }

  /// Places next to each other where a loss is not finite.
  private var gaps: [Range<Int>] {
    RangeSet(
      places.indices.lazy.filter {
        !losses.plain[$0].isFinite || losses.smoothed?[$0].isFinite == false
      }.map { $0..<$0 + 1 }
    ).ranges.map { $0 }
  }

  func table() -> String {
    lines(map.names.joined(separator: ","), places.map { "\($0.x),\($0.y)" }, losses)
  }
}

extension LossMap {
  /// The parameters' names as words: `log a`.
  var labels: [String] { names.map { $0.replacing("_", with: " ") } }
}

/// A header and a line a place.
private func lines(_ header: String, _ places: [String], _ losses: Losses) -> String {
  guard let smoothed = losses.smoothed else {
    return zip(places, losses.plain).reduce(into: header + ",loss\n") { $0 += "\($1.0),\($1.1)\n" }
  }
  return zip(places, zip(losses.plain, smoothed))
    .reduce(into: header + ",loss,smoothed_loss\n") { $0 += "\($1.0),\($1.1.0),\($1.1.1)\n" }
}
