/// Curves over one axis, with bands, lines at thresholds and a legend.
package struct LineChart: Figure, Hashable {
  /// A line across the chart at a value worth reaching.
  package struct Threshold: Hashable, Sendable {
    package var value: Double
    package var name: String

    package init(_ value: Double, name: String) { (self.value, self.name) = (value, name) }
  }

  /// A part of the x axis that is grey from bottom to top.
  package struct Shade: Hashable, Sendable {
    package var range: ClosedRange<Double>

    package init(_ range: ClosedRange<Double>) { self.range = range }
  }

  package var title: String
  package var xTitle: String
  package var yTitle: String
  package var lines: [Line]
  package var thresholds: [Threshold] = []
  package var shades: [Shade] = []
  /// What the legend says of shades.
  package var shadeName = ""
  /// Whether each point of a curve has a disk.
  package var hasPoints = false
  package var hasLogarithmicX = false
  package var hasLogarithmicY = false
  /// The ends of the y axis; nil where the curves say them.
  package var yRange: ClosedRange<Double>?
  /// The plot's own size, without what stands around it, in points.
  package var width = 460.0
  package var height = 250.0

  package init(title: String, xTitle: String, yTitle: String, lines: [Line]) {
    (self.title, self.xTitle, self.yTitle, self.lines) = (title, xTitle, yTitle, lines)
  }

  /// The x axis: from the first place to the last.
  package var xScale: Scale {
    Scale(
      covering: lines.flatMap { $0.points.map(\.x) + $0.band.map(\.x) },
      isLogarithmic: hasLogarithmicX, margin: hasPoints ? 0.03 : 0)
  }

  /// The y axis: all of curves, bands and thresholds, and a little more.
  package var yScale: Scale {
    if let yRange, yRange.lowerBound < yRange.upperBound,
      Scale.canDraw(yRange.lowerBound, isLogarithmic: hasLogarithmicY),
      Scale.canDraw(yRange.upperBound, isLogarithmic: hasLogarithmicY)
    {
      return Scale(yRange.lowerBound, yRange.upperBound, isLogarithmic: hasLogarithmicY)
    }
    let curves = lines.flatMap { line in
      line.points.map(\.y) + line.band.flatMap { [$0.lower, $0.upper] }
    }
    return Scale(
      covering: curves + thresholds.map(\.value), isLogarithmic: hasLogarithmicY, margin: 0.04)
  }

  package func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8] {
    let (x, y) = (xScale, yScale)
    let frame = Frame(
      title: title, bottom: Axis(x, title: xTitle, side: .bottom),
      left: Axis(y, title: yTitle, side: .left), width: width, height: height, legend: signs)
    return try frame.bytes(as: format) { pen, area in
      for shade in shades {
        let ends = [shade.range.lowerBound, shade.range.upperBound].map { end in
          area.x(of: min(max(end, x.lower), x.upper), on: x)
        }
        pen.fill(
          Area(x: ends[0], y: area.y, width: ends[1] - ends[0], height: area.height), .lightGrey)
      }
      frame.drawRules(pen)
      for line in lines { line.drawBand(pen, x: x, y: y, in: area) }
      for (index, threshold) in thresholds.enumerated() where y.contains(threshold.value) {
        let place = area.y(of: threshold.value, on: y)
        pen.line([Point(area.x, place), Point(area.right, place)], Self.stroke(threshold: index))
      }
      for line in lines { line.draw(pen, x: x, y: y, in: area) }
      for line in hasPoints ? lines : [] {
        for point in line.stretches(x: x, y: y, in: area).joined() {
          pen.mark(point, line.stroke.color)
        }
      }
    }
  }

  private var signs: [(sign: Legend.Sign, name: String)] {
    let curves: [(sign: Legend.Sign, name: String)] = lines.filter { !$0.name.isEmpty }
      .map { (.line($0.stroke, hasBand: !$0.band.isEmpty), $0.name) }
    let levels: [(sign: Legend.Sign, name: String)] = thresholds.enumerated()
      .map { (.line(Self.stroke(threshold: $0), hasBand: false), $1.name) }
    return curves + levels + (shades.isEmpty ? [] : [(.box(.lightGrey), shadeName)])
  }

  private static func stroke(threshold index: Int) -> Stroke {
    Stroke(Color(90, 90, 90), width: 0.9, dashes: [[4, 3], [1.5, 2], [8, 3, 1.5, 3]][index % 3])
  }
}
