/// A curve, with a band around it if it has one.
package struct Line: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// What the band covers at a place: a quartile to the other, say.
  package struct Extent: Hashable, Sendable {
    package var x: Double
    package var lower: Double
    package var upper: Double

    package init(x: Double, lower: Double, upper: Double) {
      (self.x, self.lower, self.upper) = (x, lower, upper)
    }
  }

  /// What the legend calls it; empty for nothing there.
  package var name: String
  package var stroke: Stroke
  /// In the order in which they are joined. Where a number cannot be drawn, the curve is broken.
  package var points: [Point]
  package var band: [Extent]

  package init(_ name: String, _ stroke: Stroke, points: [Point], band: [Extent] = []) {
    (self.name, self.stroke, self.points, self.band) = (name, stroke, points, band)
  }

  static let bandOpacity = 0.22

  /// Stretches of points that have a place, from one break to the next.
  func stretches(x: Scale, y: Scale, in area: Area) -> [[Figures.Point]] {
    points.split { !(x.canDraw($0.x) && y.canDraw($0.y)) }
      .map { stretch in
        cut(
          thinned(stretch.map { Figures.Point(area.x(of: $0.x, on: x), area.y(of: $0.y, on: y)) }),
          near: area)
      }
  }

  func draw(_ pen: Pen, x: Scale, y: Scale, in area: Area) {
    for stretch in stretches(x: x, y: y, in: area) { pen.line(stretch, stroke) }
  }

  func drawBand(_ pen: Pen, x: Scale, y: Scale, in area: Area) {
    // What lies below a logarithmic scale reaches down to its end.
    let stretches = band.split { !(x.canDraw($0.x) && y.canDraw($0.upper) && !$0.lower.isNaN) }
    for stretch in stretches {
      func edge(_ value: KeyPath<Extent, Double>) -> [Figures.Point] {
        cut(
          thinned(
            stretch.map {
              let place = max($0[keyPath: value], y.isLogarithmic ? y.lower : -Scale.limit)
              return Figures.Point(area.x(of: $0.x, on: x), area.y(of: place, on: y))
            }),
          near: area)
      }
      pen.fill(edge(\.upper) + edge(\.lower).reversed(), stroke.color, opacity: Self.bandOpacity)
    }
  }
}

/// Of points closer together than the eye can see, the first, the highest, the lowest and the last.
func thinned(_ points: [Point]) -> [Point] {
  guard points.count > 2000 else { return points }
  func column(_ point: Point) -> Double { (point.x * 4).rounded(.down) }
  var kept: [Point] = []
  var rest = points[...]
  while let first = rest.first {
    let end = rest.firstIndex { column($0) != column(first) } ?? rest.endIndex
    let near = rest[..<end]
    let ends = [near.startIndex, end - 1]
    let extremes = [
      near.indices.min { near[$0].y < near[$1].y }, near.indices.max { near[$0].y < near[$1].y },
    ].compactMap { $0 }
    kept += Set(ends + extremes).sorted().map { near[$0] }
    rest = rest[end...]
  }
  return kept
}

/// A line that is the same within `area`, and nowhere far above or below it: cairo's coordinates end at 2²³
/// pixels, and what is beyond them comes back at the other side.
private func cut(_ points: [Point], near area: Area) -> [Point] {
  let (upper, lower) = (area.y - area.height, area.bottom + area.height)
  var line: [Point] = []
  var last: Point?
  for point in points {
    // A scale with a tiny range makes infinities.
    let next = Point(point.x, min(max(point.y, -1e100), 1e100))
    if let last {
      for edge in last.y < next.y ? [upper, lower] : [lower, upper]
      where (last.y < edge) != (next.y < edge) {
        let part = (edge - last.y) / (next.y - last.y)
        line.append(Point(last.x + part * (next.x - last.x), edge))
      }
    }
    line.append(Point(next.x, min(max(next.y, upper), lower)))
    last = next
  }
  return line
}
