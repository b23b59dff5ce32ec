/// Numbers over a grid, each a colour.
package struct HeatMap: Hashable, Sendable {
  /// Rows from the bottom, each of `columns` numbers.
  package var values: [Double]
  package var columns: Int
  /// Which number has which colour; nil where all have that of the lower end.
  package var scale: Scale?

  /// - Precondition: As many values as columns times rows, and at least one.
  package init(_ values: [Double], columns: Int, scale: Scale?) {
    precondition(columns > 0 && !values.isEmpty && values.count.isMultiple(of: columns), "a grid")
    (self.values, self.columns, self.scale) = (values, columns, scale)
  }

  package var rows: Int { values.count / columns }

  /// Grey where there is no number; beyond the scale's ends the colours of these.
  package func color(of value: Double) -> Color {
    guard value.isFinite else { return .grey }
    guard let scale, value > scale.lower else { return ColorMap.color(at: 0) }
    return ColorMap.color(at: value >= scale.upper ? 1 : scale.position(of: value))
  }

  func draw(_ pen: Pen, in area: Area) {
    let fromTop = (0..<rows).reversed().flatMap { row in
      values[row * columns..<(row + 1) * columns].map(color)
    }
    pen.grid(fromTop, columns: columns, in: area)
  }

  /// About `length` points, of which each column, or each row, has whole pixels if it has any.
  static func side(cells: Int, length: Double) -> Double {
    let pixels = length * Page.pixels
    guard Double(cells) <= pixels else { return length }
    return Double(cells) * (pixels / Double(cells)).rounded() / Page.pixels
  }
}
