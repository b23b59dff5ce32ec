/// Places on a plane, each with a number that its colour tells, with a colour bar.
package struct ScatterChart: Figure, Hashable {
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double
    package var value: Double

    package init(x: Double, y: Double, value: Double) {
      (self.x, self.y, self.value) = (x, y, value)
    }
  }

  package var title: String
  package var xTitle: String
  package var yTitle: String
  /// What the numbers are.
  package var valueTitle: String
  package var points: [Point]
  package var hasLogarithmicX = false
  package var hasLogarithmicY = false

  private static let side = 300.0

  package init(
    title: String, xTitle: String, yTitle: String, valueTitle: String, points: [Point]
  ) {
    (self.title, self.xTitle, self.yTitle) = (title, xTitle, yTitle)
    (self.valueTitle, self.points) = (valueTitle, points)
  }

  package func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8] {
    let x = Scale(covering: points.map(\.x), isLogarithmic: hasLogarithmicX, margin: 0.06)
    let y = Scale(covering: points.map(\.y), isLogarithmic: hasLogarithmicY, margin: 0.06)
    let colors = HeatMap([0], columns: 1, scale: Scale(covering: points.map(\.value)))
    let bar = ColorBar(colors.scale, title: valueTitle, hasLess: false, hasMore: false)
    let frame = Frame(
      title: title, bottom: Axis(x, title: xTitle, side: .bottom),
      left: Axis(y, title: yTitle, side: .left), width: Self.side, height: Self.side,
      right: bar.extent)
    return try frame.bytes(as: format) { pen in
      bar.draw(pen, beside: frame.area)
    } draw: { pen, area in
      frame.drawRules(pen)
      for point in points where x.canDraw(point.x) && y.canDraw(point.y) {
        let place = Figures.Point(area.x(of: point.x, on: x), area.y(of: point.y, on: y))
        pen.disk(place, radius: 6, .black)
        pen.disk(place, radius: 5.3, colors.color(of: point.value))
      }
    }
  }
}
