import Foundation
import Viewer

/// Losses over a plane of two parameters, as a map of colours.
struct SurfacePlot {
  /// Values along each axis; at least two.
  var xs: [Double]
  var ys: [Double]
  /// A loss for each, row after row of growing y.
  var losses: [Double]
  var xLabel: String
  var yLabel: String
  var title: String
  /// Places to mark, with what they are called.
  var marks: [(name: String, x: Double, y: Double, color: Color)] = []

  /// Losses that are this far below the largest have the darkest colour.
  private static let largestRatio = 1e4
  private static let side = 600

  /// The losses that get different colours; an axis of something where none is positive.
  private var colors: Axis {
    let drawable = losses.filter { $0 > 0 && $0.isFinite }
    guard let least = drawable.min(), let most = drawable.max() else { return Axis(1, 10) }
    let lower = max(least, most / Self.largestRatio)
    return Axis(lower, max(most, lower * 1.01), isLogarithmic: true)
  }

  func picture() -> Picture {
    let cellWidth = max(1, Self.side / xs.count)
    let cellHeight = max(1, Self.side / ys.count)
    let (width, height) = (cellWidth * xs.count, cellHeight * ys.count)
    let (left, top) = (90, 60)
    var canvas = Canvas(width: left + width + 140, height: top + height + 90)
    let colors = colors
    for (row, _) in ys.enumerated() {
      for (column, _) in xs.enumerated() {
        canvas.fill(
          x: left + column * cellWidth, y: top + (ys.count - 1 - row) * cellHeight,
          width: cellWidth, height: cellHeight,
          color(of: losses[row * xs.count + column], among: colors))
      }
    }
    canvas.frame(x: left, y: top, width: width, height: height, .black)

    let (xAxis, yAxis) = (Axis(xs[0], xs[xs.count - 1]), Axis(ys[0], ys[ys.count - 1]))
    // A value lies in the middle of its cell.
    func column(_ x: Double) -> Int {
      left + cellWidth / 2 + pixel(xAxis.position(of: x), of: width - cellWidth)
    }
    func row(_ y: Double) -> Int {
      top + height - 1 - cellHeight / 2 - pixel(yAxis.position(of: y), of: height - cellHeight)
    }
    for tick in xAxis.ticks {
      canvas.fill(x: column(tick.value), y: top + height + 1, width: 1, height: 6, .black)
      canvas.text(tick.label, x: column(tick.value), y: top + height + 12, .center)
    }
    for tick in yAxis.ticks {
      canvas.fill(x: left - 7, y: row(tick.value), width: 6, height: 1, .black)
      canvas.text(
        tick.label, x: left - 12, y: row(tick.value) - Canvas.letterHeight / 2, .right)
    }
    canvas.text(xLabel, x: left + width / 2, y: top + height + 36, .center)
    canvas.text(yLabel, x: left - 12, y: top - 24, .right)
    canvas.text(title, x: left + width / 2, y: 14, .center)
    drawColors(colors, on: &canvas, x: left + width + 24, y: top, height: height)
    var legend = left
    for mark in marks {
      if xs[0]...xs[xs.count - 1] ~= mark.x, ys[0]...ys[ys.count - 1] ~= mark.y {
        canvas.mark(x: column(mark.x), y: row(mark.y), mark.color)
        canvas.mark(x: legend + 6, y: top + height + 73, mark.color)
        canvas.text(mark.name, x: legend + 20, y: top + height + 66)
        legend += (mark.name.count + 4) * Canvas.letterWidth
      }
    }
    if losses.contains(where: { !$0.isFinite }) {
      canvas.fill(x: legend, y: top + height + 67, width: 12, height: 12, .grey)
      canvas.text("not finite", x: legend + 20, y: top + height + 66)
    }
    return canvas.picture
  }

  /// Grey where there is no number to show.
  private func color(of loss: Double, among colors: Axis) -> Color {
    guard loss.isFinite else { return .grey }
    return ColorMap.color(at: loss > 0 ? colors.position(of: loss) : 0)
  }

  private func drawColors(_ colors: Axis, on canvas: inout Canvas, x: Int, y: Int, height: Int) {
    for row in 0..<height {
      canvas.fill(
        x: x, y: y + row, width: 18, height: 1,
        ColorMap.color(at: 1 - Double(row) / Double(height - 1)))
    }
    canvas.frame(x: x, y: y, width: 18, height: height, .black)
    canvas.text("loss", x: x, y: y - 24)
    for tick in colors.ticks {
      let row = y + height - 1 - pixel(colors.position(of: tick.value), of: height - 1)
      canvas.fill(x: x + 19, y: row, width: 5, height: 1, .black)
      canvas.text(tick.label, x: x + 30, y: row - Canvas.letterHeight / 2)
    }
  }
}

/// The pixel at `position`, 0 to 1, of so many.
func pixel(_ position: Double, of count: Int) -> Int { Int((position * Double(count)).rounded()) }
