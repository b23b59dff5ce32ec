/// Numbers of a table, each a colour with its number on it, with a colour bar.
package struct CellChart: Figure, Hashable {
  package var title: String
  package var xTitle: String
  package var yTitle: String
  /// What the numbers are.
  package var valueTitle: String
  /// Names of the columns.
  package var columns: [String]
  /// Names of the rows, from the bottom.
  package var rows: [String]
  /// A row of numbers for each of `rows`; grey where one is not finite.
  package var values: [[Double]]
  /// Digits after the point.
  package var decimals: Int

  private static let cell = (width: 58.0, height: 30.0)

  /// - Precondition: At least one row and one column, and a number for each.
  package init(
    title: String, xTitle: String, yTitle: String, valueTitle: String, columns: [String],
    rows: [String], values: [[Double]], decimals: Int
  ) {
    precondition(
      !columns.isEmpty && values.count == rows.count
        && values.allSatisfy { $0.count == columns.count } && !rows.isEmpty, "a table")
    (self.title, self.xTitle, self.yTitle, self.valueTitle) = (title, xTitle, yTitle, valueTitle)
    (self.columns, self.rows, self.values) = (columns, rows, values)
    self.decimals = decimals
  }

  package func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8] {
    let flat = values.flatMap(\.self)
    let map = HeatMap(flat, columns: columns.count, scale: Scale(covering: flat))
    let (x, y) = (Scale(0, Double(columns.count)), Scale(0, Double(rows.count)))
    func ticks(_ names: [String]) -> [Tick] {
      names.enumerated().map { Tick(Double($0) + 0.5, label: $1) }
    }
    let bar = ColorBar(map.scale, title: valueTitle, hasLess: false, hasMore: false)
    // Long names of columns need room beside each other.
    let widest = columns.map { Text($0).width }.max() ?? 0
    let frame = Frame(
      title: title,
      bottom: Axis(x, title: xTitle, side: .bottom, ticks: ticks(columns), hasMinorTicks: false),
      left: Axis(y, title: yTitle, side: .left, ticks: ticks(rows), hasMinorTicks: false),
      width: max(Self.cell.width, widest + 8) * x.upper,
      height: max(Self.cell.height * y.upper, 90), right: bar.extent)
    return try frame.bytes(as: format) { pen in
      bar.draw(pen, beside: frame.area)
    } draw: { pen, area in
      map.draw(pen, in: area)
      for (row, numbers) in values.enumerated() {
        for (column, value) in numbers.enumerated() where value.isFinite {
          let color = map.color(of: value).isDark ? Color(255, 255, 255) : .black
          let text = Text(numberText(value, decimals: decimals), TextStyle(color: color))
          let place = Point(
            area.x(of: Double(column) + 0.5, on: x), area.y(of: Double(row) + 0.5, on: y))
          pen.text(text, at: place, anchor: (0.5, 0.5))
        }
      }
    }
  }
}

extension Color {
  /// Whether white is easier to read on it than black.
  var isDark: Bool { 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue) < 140 }
}
