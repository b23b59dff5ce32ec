/// Groups of values beside each other: a dot each, and the middle of the group with its interval.
package struct IntervalChart: Figure, Hashable {
  /// A row of the chart.
  package struct Group: Hashable, Sendable {
    package var name: String
    package var values: [Double]
    package var middle: Double
    /// Nil where it is not known.
    package var interval: ClosedRange<Double>?

    package init(
      _ name: String, values: [Double], middle: Double, interval: ClosedRange<Double>?
    ) {
      (self.name, self.values, self.middle, self.interval) = (name, values, middle, interval)
    }
  }

  package var title: String
  package var xTitle: String
  /// From the top.
  package var groups: [Group]
  /// What the legend says of dots, and of middles with their intervals.
  package var valueName: String
  package var middleName: String
  /// A value to which all are compared, a dashed line.
  package var reference: Double?
  /// The plot's own width, in points.
  package var width = 380.0

  private static let rowHeight = 34.0

  package init(
    title: String, xTitle: String, groups: [Group], valueName: String, middleName: String
  ) {
    (self.title, self.xTitle, self.groups) = (title, xTitle, groups)
    (self.valueName, self.middleName) = (valueName, middleName)
  }

  /// The axis of values: all of them, and a little more.
  package var xScale: Scale {
    let ends = groups.flatMap { group in
      group.values + [group.middle]
        + (group.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    return Scale(covering: ends + [reference].compactMap { $0 }, margin: 0.06)
  }

  package func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8] {
    let x = xScale
    let rows = Scale(0, Double(max(groups.count, 1)))
    let ticks = groups.enumerated().map { Tick(place(of: $0), label: $1.name) }
    let frame = Frame(
      title: title, bottom: Axis(x, title: xTitle, side: .bottom),
      left: Axis(rows, title: "", side: .left, ticks: ticks, hasMinorTicks: false), width: width,
      height: Self.rowHeight * rows.upper,
      legend: [
        (.disk(Palette.sky), valueName),
        (.line(Stroke(Palette.blue, width: 3), hasBand: false), middleName),
      ])
    return try frame.bytes(as: format) { pen, area in
      frame.drawRules(pen)
      if let reference, x.canDraw(reference) {
        let place = area.x(of: reference, on: x)
        pen.line(
          [Point(place, area.y), Point(place, area.bottom)],
          Stroke(.grey, width: 0.9, dashes: [4, 3]))
      }
      for (index, group) in groups.enumerated() {
        let height = area.y(of: place(of: index), on: rows)
        // Dots lie below the line that tells of all of them, so that neither hides the other.
        for value in group.values where x.canDraw(value) {
          pen.mark(Point(area.x(of: value, on: x), height + 6), Palette.sky)
        }
        if let interval = group.interval, x.canDraw(interval.lowerBound),
          x.canDraw(interval.upperBound)
        {
          let ends = [interval.lowerBound, interval.upperBound]
          pen.line(
            ends.map { Point(area.x(of: $0, on: x), height - 5) }, Stroke(Palette.blue, width: 3))
        }
        if x.canDraw(group.middle) {
          pen.mark(Point(area.x(of: group.middle, on: x), height - 5), Palette.blue)
        }
      }
    }
  }

  private func place(of row: Int) -> Double { Double(groups.count - row) - 0.5 }
}
