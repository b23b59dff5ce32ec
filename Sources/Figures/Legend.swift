/// What the signs of a figure mean: a row of them below it, or more rows where one is too long.
struct Legend {
  /// What stands before a name.
  enum Sign {
    case line(Stroke, hasBand: Bool)
    case disk(Color)
    case box(Color)
  }

  private struct Entry {
    var sign: Sign
    var name: Text
    var place: Point
  }

  private var entries: [Entry] = []
  /// Points from its top to its bottom.
  private(set) var height = 0.0

  private static let rowHeight = 16.0
  private static let signWidth = 24.0
  private static let gap = 6.0

  /// - Parameter width: Where a row ends, in points. A name that is longer goes on below.
  init(_ entries: [(sign: Sign, name: String)], width: Double) {
    var place = Point(0, 0)
    var rowHeight = Self.rowHeight
    for (sign, name) in entries {
      let whole = Text(name)
      let limit = width - Self.signWidth - Self.gap
      let name = whole.width > limit ? Text(name, limit: limit) : whole
      let length = Self.signWidth + Self.gap + name.width
      if place.x > 0, place.x + length > width {
        place = Point(0, place.y + rowHeight)
        rowHeight = Self.rowHeight
      }
      self.entries.append(Entry(sign: sign, name: name, place: place))
      place.x += length + 3 * Self.gap
      rowHeight = max(rowHeight, name.height + 2)
    }
    height = entries.isEmpty ? 0 : place.y + rowHeight
  }

  func draw(_ pen: Pen, at corner: Point) {
    for entry in entries {
      let left = corner.x + entry.place.x
      let middle = corner.y + entry.place.y + Self.rowHeight / 2
      let right = left + Self.signWidth
      switch entry.sign {
      case .line(let stroke, let hasBand):
        if hasBand {
          pen.fill(
            Area(x: left, y: middle - 4, width: Self.signWidth, height: 8), stroke.color,
            opacity: Line.bandOpacity)
        }
        pen.line([Point(left, middle), Point(right, middle)], stroke)
      case .disk(let color): pen.mark(Point(right - 5, middle), color)
      case .box(let color):
        pen.fill(Area(x: right - 10, y: middle - 5, width: 10, height: 10), color)
      }
      let top = corner.y + entry.place.y + (Self.rowHeight - Text("1").height) / 2
      pen.text(entry.name, at: Point(right + Self.gap, top), anchor: (0, 0))
    }
  }
}

extension Pen {
  /// A disk with a white rim.
  func mark(_ center: Point, _ color: Color) {
    disk(center, radius: 4.5, Color(255, 255, 255))
    disk(center, radius: 3.2, color)
  }
}
