/// What stands around a plot: title, axes and a legend; and where the plot is.
struct Frame {
  private let title: Text
  private let bottom: Axis
  private let left: Axis
  private let legend: Legend
  /// The plot.
  let area: Area
  private let width: Double
  private let height: Double

  /// Points that are free at the edges, and between the parts.
  private static let margin = 12.0
  private static let gap = 8.0

  /// - Parameters:
  ///   - width: Of the plot, in points, as `height`.
  ///   - right: Points that are kept free beside the plot.
  init(
    title: String, bottom: Axis, left: Axis, width: Double, height: Double, right: Double = 0,
    legend: [(sign: Legend.Sign, name: String)] = []
  ) {
    (self.bottom, self.left) = (bottom, left)
    let start = Self.margin + max(left.extent, bottom.overhang)
    self.width = start + width + max(right, bottom.overhang) + Self.margin
    let whole = self.width - 2 * Self.margin
    self.title = Text(title, .title, limit: whole)
    self.legend = Legend(legend, width: self.width - start - Self.margin)
    let top = Self.margin + max(self.title.height + Self.gap, left.overhang)
    area = Area(x: start, y: top, width: width, height: height)
    let below = self.legend.height > 0 ? self.legend.height + Self.gap : 0
    self.height = area.bottom + bottom.extent + below + Self.margin
  }

  /// The page, with what `draw` draws within the plot and `beside` anywhere.
  func bytes(
    as format: FigureFormat, beside: (Pen) -> Void = { _ in }, draw: (Pen, Area) -> Void
  ) throws(FigureError) -> [UInt8] {
    try Page.bytes(width: width, height: height, as: format) { pen in
      pen.within(area) { draw(pen, area) }
      pen.frame(area)
      pen.text(title, at: Point(width / 2, Self.margin), anchor: (0.5, 0))
      bottom.draw(pen, beside: area)
      left.draw(pen, beside: area)
      legend.draw(pen, at: Point(area.x, height - Self.margin - legend.height))
      beside(pen)
    }
  }

  func drawRules(_ pen: Pen) {
    bottom.drawRules(pen, in: area)
    left.drawRules(pen, in: area)
  }
}
