/// A scale beside a plot: marks, labels and a title.
struct Axis {
  enum Side { case bottom, left, right }

  let scale: Scale
  let side: Side
  private let ticks: [(tick: Tick, text: Text)]
  private let minorTicks: [Double]
  private let title: Text

  /// Points of a tick, and free ones between it, its label and the title.
  private static let tickLength = 4.0
  private static let gap = 4.0
  private static let titleGap = 6.0

  /// - Parameters:
  ///   - ticks: Others than the scale's own.
  ///   - hasMinorTicks: Whether there are marks between them.
  init(
    _ scale: Scale, title: String, side: Side, ticks: [Tick]? = nil, hasMinorTicks: Bool = true
  ) {
    (self.scale, self.side) = (scale, side)
    minorTicks = hasMinorTicks ? scale.minorTicks : []
    self.ticks = (ticks ?? scale.ticks).map { ($0, Text($0.label)) }
    self.title = Text(title)
  }

  /// Points that it takes beside the plot.
  var extent: Double {
    let labels = ticks.map { side == .bottom ? $0.text.height : $0.text.width }.max() ?? 0
    return Self.tickLength + Self.gap + labels
      + (title.height > 0 ? Self.titleGap + title.height : 0)
  }

  /// Points by which a label may reach beyond the ends of the plot.
  var overhang: Double {
    (ticks.map { side == .bottom ? $0.text.width : $0.text.height }.max() ?? 0) / 2
  }

  /// Faint lines through the plot at the labels.
  func drawRules(_ pen: Pen, in area: Area) {
    for (tick, _) in ticks {
      let place = place(of: tick.value, in: area)
      let line =
        side == .bottom
        ? [Point(place, area.y), Point(place, area.bottom)]
        : [Point(area.x, place), Point(area.right, place)]
      pen.line(line, Stroke(.faintGrey, width: 0.6))
    }
  }

  func draw(_ pen: Pen, beside area: Area) {
    for value in minorTicks {
      mark(pen, place(of: value, in: area), length: Self.tickLength / 2, area)
    }
    var taken: [ClosedRange<Double>] = []
    for (tick, text) in ticks {
      let place = place(of: tick.value, in: area)
      mark(pen, place, length: Self.tickLength, area)
      // Long labels leave no room for each.
      let half = (side == .bottom ? text.width + 6 : text.height * 0.8) / 2
      let room = place - half...place + half
      guard !taken.contains(where: { $0.overlaps(room) }) else { continue }
      taken.append(room)
      let distance = Self.tickLength + Self.gap
      switch side {
      case .bottom: pen.text(text, at: Point(place, area.bottom + distance), anchor: (0.5, 0))
      case .left: pen.text(text, at: Point(area.x - distance, place), anchor: (1, 0.5))
      case .right: pen.text(text, at: Point(area.right + distance, place), anchor: (0, 0.5))
      }
    }
    let (x, y) = (area.x + area.width / 2, area.y + area.height / 2)
    switch side {
    case .bottom: pen.text(title, at: Point(x, area.bottom + extent), anchor: (0.5, 1))
    case .left:
      pen.text(title, at: Point(area.x - extent, y), anchor: (0.5, 0), isUpright: true)
    case .right:
      pen.text(title, at: Point(area.right + extent, y), anchor: (0.5, 1), isUpright: true)
    }
  }

  private func place(of value: Double, in area: Area) -> Double {
    side == .bottom ? area.x(of: value, on: scale) : area.y(of: value, on: scale)
  }

  private func mark(_ pen: Pen, _ place: Double, length: Double, _ area: Area) {
    let line =
      switch side {
      case .bottom: [Point(place, area.bottom), Point(place, area.bottom + length)]
      case .left: [Point(area.x - length, place), Point(area.x, place)]
      case .right: [Point(area.right, place), Point(area.right + length, place)]
      }
    pen.line(line, .frame)
  }
}
