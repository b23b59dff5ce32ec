import Foundation
import Viewer

/// Losses along a line between two θ's.
struct LinePlot {
  /// Losses at equally spaced places; where one is not finite, the curve is broken and the axis
  /// below it grey.
  var losses: [Double]
  /// The same, smoothed.
  var smoothedLosses: [Double]?
  var startLabel: String
  var endLabel: String
  var title: String

  private static let width = 900
  private static let height = 420
  private static let lossColor = Color(130, 165, 200)
  private static let smoothedColor = Color(200, 60, 20)

  func picture() -> Picture {
    let (width, height, left, top) = (Self.width, Self.height, 100, 60)
    var canvas = Canvas(width: left + width + 40, height: top + height + 90)
    let finite = (losses + (smoothedLosses ?? [])).filter(\.isFinite)
    let highest = finite.max().map { $0 > 0 ? $0 : 1 } ?? 1
    let axis = Axis(0, highest * 1.05)
    func row(_ loss: Double) -> Int {
      top + height - 1 - pixel(axis.position(of: loss), of: height - 1)
    }
    func column(_ index: Int) -> Int {
      left + pixel(Double(index) / Double(losses.count - 1), of: width - 1)
    }
    func draw(_ curve: [Double], thickness: Int, _ color: Color) {
      for (index, (loss, next)) in zip(curve, curve.dropFirst()).enumerated()
      where loss.isFinite && next.isFinite {
        canvas.line(
          from: (column(index), row(loss)), to: (column(index + 1), row(next)),
          thickness: thickness, color)
      }
      for (index, loss) in curve.enumerated() where !loss.isFinite {
        canvas.fill(x: column(index), y: top + height - 8, width: 2, height: 8, .grey)
      }
    }
    draw(losses, thickness: 1, Self.lossColor)
    if let smoothedLosses { draw(smoothedLosses, thickness: 2, Self.smoothedColor) }

    canvas.frame(x: left, y: top, width: width, height: height, .black)
    for tick in axis.ticks {
      canvas.fill(x: left - 7, y: row(tick.value), width: 6, height: 1, .black)
      canvas.text(
        tick.label, x: left - 12, y: row(tick.value) - Canvas.letterHeight / 2, .right)
    }
    canvas.text("loss", x: left - 12, y: top - 24, .right)
    canvas.text(title, x: left + width / 2, y: 14, .center)
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
    if losses.contains(where: { !$0.isFinite }) { explain("not finite", .grey) }
    return canvas.picture
  }
}
