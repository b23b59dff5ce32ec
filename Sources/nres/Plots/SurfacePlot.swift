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

  private static let side = 600

  func picture() -> Picture {
    let cellWidth = max(1, Self.side / xs.count)
    let cellHeight = max(1, Self.side / ys.count)
    let (width, height) = (cellWidth * xs.count, cellHeight * ys.count)
    let (xAxis, yAxis) = (Axis(xs[0], xs[xs.count - 1]), Axis(ys[0], ys[ys.count - 1]))
    let yTicks = yAxis.ticks
    let scale = ColorScale(of: losses)
    let lossLabels = scale.labels(distance: Double(Canvas.letterHeight + 4) / Double(height))
    func widest(_ labels: [String]) -> Int { labels.map { Canvas.width(of: $0) }.max() ?? 0 }
    let top = 60
    let left = max(90, widest(yTicks.map(\.label)) + 12 + Canvas.margin)
    let right = max(140, 54 + widest(lossLabels.map(\.text)) + Canvas.margin)
    var canvas = Canvas(
      width: max(left + width + right, Canvas.width(of: title) + 2 * Canvas.margin),
      height: top + height + 90)
    for (row, _) in ys.enumerated() {
      for (column, _) in xs.enumerated() {
        canvas.fill(
          x: left + column * cellWidth, y: top + (ys.count - 1 - row) * cellHeight,
          width: cellWidth, height: cellHeight,
          scale.color(of: losses[row * xs.count + column]))
      }
    }
    canvas.frame(x: left, y: top, width: width, height: height, .black)

    // A value lies in the middle of its cell.
    func column(_ x: Double) -> Int {
      left + cellWidth / 2 + pixel(xAxis.position(of: x), of: width - cellWidth)
    }
    func row(_ y: Double) -> Int {
      top + height - 1 - cellHeight / 2 - pixel(yAxis.position(of: y), of: height - cellHeight)
    }
    var free = 0
    for tick in xAxis.ticks {
      canvas.fill(x: column(tick.value), y: top + height + 1, width: 1, height: 6, .black)
      // Long labels leave no room for each.
      let half = Canvas.width(of: tick.label) / 2
      guard column(tick.value) - half >= free else { continue }
      canvas.text(tick.label, x: column(tick.value), y: top + height + 12, .center)
      free = column(tick.value) + half + Canvas.letterWidth
    }
    for tick in yTicks {
      canvas.fill(x: left - 7, y: row(tick.value), width: 6, height: 1, .black)
      canvas.text(
        tick.label, x: left - 12, y: row(tick.value) - Canvas.letterHeight / 2, .right)
    }
    canvas.text(xLabel, x: left + width / 2, y: top + height + 36, .center)
    canvas.text(yLabel, x: left - 12, y: top - 24, .right)
    canvas.title(title, x: left + width / 2)
    if scale.hasNumbers {
      draw(scale, lossLabels, on: &canvas, x: left + width + 24, y: top, height: height)
    }
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

  /// The colours from the least loss, at the bottom, to the largest; one where all are the same 0.
  private func draw(
    _ scale: ColorScale, _ labels: [(text: String, position: Double)],
    on canvas: inout Canvas, x: Int, y: Int, height: Int
  ) {
    for row in 0..<height {
      let position = scale.axis == nil ? 0 : 1 - Double(row) / Double(height - 1)
      canvas.fill(x: x, y: y + row, width: 18, height: 1, ColorMap.color(at: position))
    }
    canvas.frame(x: x, y: y, width: 18, height: height, .black)
    canvas.text("loss", x: x, y: y - 24)
    for label in labels {
      let row = y + height - 1 - pixel(label.position, of: height - 1)
      canvas.fill(x: x + 19, y: row, width: 5, height: 1, .black)
      canvas.text(label.text, x: x + 30, y: row - Canvas.letterHeight / 2)
    }
  }
}

/// The pixel at `position`, 0 to 1, of so many.
func pixel(_ position: Double, of count: Int) -> Int { Int((position * Double(count)).rounded()) }
