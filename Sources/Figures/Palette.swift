/// How curves are told apart: by colours that colour-blind people can tell apart too (Okabe and
/// Ito 2008), and by dashes.
package enum Palette {
  package static let blue = Color(0, 114, 178)
  package static let vermilion = Color(213, 94, 0)
  package static let green = Color(0, 158, 115)
  package static let purple = Color(204, 121, 167)
  package static let orange = Color(230, 159, 0)
  package static let sky = Color(86, 180, 233)
  /// Hard to see on white: the last that is taken.
  package static let yellow = Color(240, 228, 66)

  static let colors = [blue, vermilion, green, purple, orange, sky, .black, yellow]

  /// Points of line and gap in turn; none is a line without gaps.
  static let dashes: [[Double]] = [[], [6, 2], [2, 2], [7, 2, 2, 2]]

  /// The stroke of curve `index`: the first 32 differ, neighbours in colour and dashes.
  package static func stroke(_ index: Int) -> Stroke {
    Stroke(
      colors[index % colors.count],
      dashes: dashes[(index + index / colors.count) % dashes.count])
  }
}

/// How a line is drawn.
package struct Stroke: Hashable, Sendable {
  package var color: Color
  /// In points, as `dashes`: lengths of line and gap in turn.
  package var width: Double
  package var dashes: [Double]

  package init(_ color: Color, width: Double = 1.4, dashes: [Double] = []) {
    (self.color, self.width, self.dashes) = (color, width, dashes)
  }

  /// Frames and ticks.
  static let frame = Stroke(.black, width: 0.7)
}
