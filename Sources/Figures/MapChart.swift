/// Numbers over a plane of two axes, as a map of colours, with marks and a colour bar.
package struct MapChart: Figure, Hashable {
  /// A place with a name.
  package struct Mark: Hashable, Sendable {
    package var name: String
    package var x: Double
    package var y: Double
    package var color: Color

    package init(_ name: String, x: Double, y: Double, _ color: Color) {
      (self.name, self.x, self.y, self.color) = (name, x, y, color)
    }
  }

  package var title: String
  package var xTitle: String
  package var yTitle: String
  /// What the map's numbers are.
  package var valueTitle: String
  package var map: HeatMap
  /// The values of the first column and the last, the first row (at the bottom) and the last.
  package var xRange: ClosedRange<Double>
  package var yRange: ClosedRange<Double>
  /// Whether there are numbers beyond the map's scale; they have the colours of its ends.
  package var hasLess = false
  package var hasMore = false
  /// Those outside the map are left out.
  package var marks: [Mark] = []
  /// About how long the map's sides are, in points.
  package var side = 360.0

  /// - Precondition: At least two columns and two rows, and ranges with a length.
  package init(
    title: String, xTitle: String, yTitle: String, valueTitle: String, map: HeatMap,
    xRange: ClosedRange<Double>, yRange: ClosedRange<Double>
  ) {
    precondition(map.columns > 1 && map.rows > 1, "a plane")
    (self.title, self.xTitle, self.yTitle) = (title, xTitle, yTitle)
    (self.valueTitle, self.map, self.xRange, self.yRange) = (valueTitle, map, xRange, yRange)
  }

  /// The axes: a value lies in the middle of its cell.
  package var xScale: Scale { Self.scale(xRange, cells: map.columns) }
  package var yScale: Scale { Self.scale(yRange, cells: map.rows) }

  private static func scale(_ range: ClosedRange<Double>, cells: Int) -> Scale {
    let half = (range.upperBound - range.lowerBound) / Double(cells - 1) / 2
    return Scale(range.lowerBound - half, range.upperBound + half)
  }

  package func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8] {
    let (x, y) = (xScale, yScale)
    let marks = marks.filter { x.contains($0.x) && y.contains($0.y) }
    let hasNumbers = map.values.contains(where: \.isFinite)
    let bar =
      hasNumbers
      ? ColorBar(map.scale, title: valueTitle, hasLess: hasLess, hasMore: hasMore) : nil
    var signs: [(sign: Legend.Sign, name: String)] = marks.map { (.disk($0.color), $0.name) }
    if !map.values.allSatisfy(\.isFinite) { signs.append((.box(.grey), "not finite")) }
    let frame = Frame(
      title: title, bottom: Axis(x, title: xTitle, side: .bottom),
      left: Axis(y, title: yTitle, side: .left),
      width: HeatMap.side(cells: map.columns, length: side),
      height: HeatMap.side(cells: map.rows, length: side), right: bar?.extent ?? 0, legend: signs)
    return try frame.bytes(as: format) { pen in
      bar?.draw(pen, beside: frame.area)
    } draw: { pen, area in
      map.draw(pen, in: area)
      for mark in marks {
        pen.mark(Point(area.x(of: mark.x, on: x), area.y(of: mark.y, on: y)), mark.color)
      }
    }
  }
}
