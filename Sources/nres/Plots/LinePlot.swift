import Foundation
import Viewer

/// Losses along a line between two θ's.
struct LinePlot {
  /// Losses at equally spaced places; where one is not finite, the curve is broken on grey.
  var losses: [Double]
  /// The same, smoothed.
  var smoothedLosses: [Double]?
  var startLabel: String
  var endLabel: String
  var title: String

  private static let width = 900
  private static let height = 420
  private static let lossColor = Color(130, 165, 200)
  private static let gapColor = Color(215, 215, 215)
  private static let smoothedColor = Color(200, 60, 20)

  func picture() -> Picture {
    let finite = (losses + (smoothedLosses ?? [])).filter(\.isFinite)
    let highest = finite.max().map { $0 > 0 ? $0 : 1 } ?? 1
    let axis = Axis(0, highest * 1.05)
    let ticks = axis.ticks
    let labelWidth = ticks.map { Canvas.width(of: $0.label) }.max() ?? 0
    let (width, height, top) = (Self.width, Self.height, 60)
    let left = max(100, labelWidth + 12 + Canvas.margin)
    var canvas = Canvas(
      width: max(left + width + 40, Canvas.width(of: title) + 2 * Canvas.margin),
      height: top + height + 90)
    func row(_ loss: Double) -> Int {
      top + height - 1 - pixel(axis.position(of: loss), of: height - 1)
    }
    func column(_ place: Double) -> Int {
      left + pixel(min(max(place / Double(losses.count - 1), 0), 1), of: width - 1)
    }
    func draw(_ curve: [Double], thickness: Int, _ color: Color) {
      for (index, loss) in curve.enumerated() where loss.isFinite {
        // One beside none that is finite is a dot.
        let next = index + 1 < curve.count && curve[index + 1].isFinite ? index + 1 : index
        canvas.line(
          from: (column(Double(index)), row(loss)), to: (column(Double(next)), row(curve[next])),
          thickness: thickness, color)
      }
    }
    let gaps = losses.indices.filter {
      !losses[$0].isFinite || smoothedLosses?[$0].isFinite == false
    }
    // A gap reaches half way to the places beside it.
    let greys = Set(gaps.flatMap { column(Double($0) - 0.5)...column(Double($0) + 0.5) })
    for grey in greys {
      canvas.fill(x: grey, y: top, width: 1, height: height, Self.gapColor)
    }
    draw(losses, thickness: 1, Self.lossColor)
    if let smoothedLosses { draw(smoothedLosses, thickness: 2, Self.smoothedColor) }

    canvas.frame(x: left, y: top, width: width, height: height, .black)
    for tick in ticks {
      canvas.fill(x: left - 7, y: row(tick.value), width: 6, height: 1, .black)
      canvas.text(
        tick.label, x: left - 12, y: row(tick.value) - Canvas.letterHeight / 2, .right)
    }
    canvas.text("loss", x: left - 12, y: top - 24, .right)
    canvas.title(title, x: left + width / 2)
    canvas.text(startLabel, x: left, y: top + height + 14)
    canvas.text(endLabel, x: left + width, y: top + height + 14, .right)
    var legend = left
    func explain(_ name: String, _ color: Color) {
      canvas.fill(x: legend, y: top + height + 61, width: 24, height: 4, color)
      canvas.text(name, x: legend + 34, y: top + height + 56)
      legend += (name.count + 5) * Canvas.letterWidth
    }
    explain("loss", Self.lossColor)
    if smoothedLosses != nil { explain("smoothed loss", Self.smoothedColor) }
    if !gaps.isEmpty { explain("not finite", Self.gapColor) }
    return canvas.picture
  }
}
