/// The colours of a map with their numbers, beside it.
struct ColorBar {
  private let axis: Axis
  /// Whether there is one colour alone.
  private let isPlain: Bool

  private static let width = 13.0
  private static let gap = 16.0

  /// - Parameters:
  ///   - scale: From the lowest colour to the highest; nil where there is one for the number 0.
  ///   - hasLess: Whether what lies below the scale has the colour of its lower end; as `hasMore`.
  init(_ scale: Scale?, title: String, hasLess: Bool, hasMore: Bool) {
    isPlain = scale == nil
    guard let scale else {
      axis = Axis(
        Scale(-1, 1), title: title, side: .right, ticks: [Tick(0, label: "0")],
        hasMinorTicks: false)
      return
    }
    axis = Axis(
      scale, title: title, side: .right,
      ticks: Self.ticks(scale, hasLess: hasLess, hasMore: hasMore))
  }

  /// The scale's ticks, but for those beside an end that says what is beyond it.
  static func ticks(_ scale: Scale, hasLess: Bool, hasMore: Bool) -> [Tick] {
    let ends =
      (hasLess ? [Tick(scale.lower, label: "≤ \(numberText(scale.lower, digits: 3))")] : [])
      + (hasMore ? [Tick(scale.upper, label: "≥ \(numberText(scale.upper, digits: 3))")] : [])
    let free = scale.ticks.filter { tick in
      ends.allSatisfy { abs(scale.position(of: $0.value) - scale.position(of: tick.value)) >= 0.04 }
    }
    return ends + free
  }

  /// Points that it takes beside the map.
  var extent: Double { Self.gap + Self.width + axis.extent }

  func draw(_ pen: Pen, beside area: Area) {
    let bar = Area(x: area.right + Self.gap, y: area.y, width: Self.width, height: area.height)
    let colors = (0..<256).reversed().map { ColorMap.color(at: isPlain ? 0 : Double($0) / 255) }
    pen.grid(colors, columns: 1, in: bar)
    pen.frame(bar)
    axis.draw(pen, beside: bar)
  }
}
