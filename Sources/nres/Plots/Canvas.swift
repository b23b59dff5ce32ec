import Viewer

/// A colour of a picture.
struct Color: Hashable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  static let white = Color(255, 255, 255)
  static let black = Color(0, 0, 0)
  static let grey = Color(160, 160, 160)
}

/// Pixels to draw on; what falls beside them is left out.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 255, count: 3 * width * height)
  }

  var picture: Picture { Picture(width: width, height: height, pixels: pixels) }

  /// The colour at column `x` of row `y`, counted from the top left.
  subscript(x: Int, y: Int) -> Color {
    get {
      let first = 3 * (y * width + x)
      return Color(pixels[first], pixels[first + 1], pixels[first + 2])
    }
    set {
      guard 0..<width ~= x, 0..<height ~= y else { return }
      let first = 3 * (y * width + x)
      pixels[first] = newValue.red
      pixels[first + 1] = newValue.green
      pixels[first + 2] = newValue.blue
    }
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: Color) {
    for row in y..<y + height {
      for column in x..<x + width { self[column, row] = color }
    }
  }

  /// A frame around a rectangle, outside it.
  mutating func frame(x: Int, y: Int, width: Int, height: Int, _ color: Color) {
    fill(x: x - 1, y: y - 1, width: width + 2, height: 1, color)
    fill(x: x - 1, y: y + height, width: width + 2, height: 1, color)
    fill(x: x - 1, y: y, width: 1, height: height, color)
    fill(x: x + width, y: y, width: 1, height: height, color)
  }

  /// A straight line, both ends included.
  mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), thickness: Int = 1, _ color: Color
  ) {
    let count = max(abs(end.x - start.x), abs(end.y - start.y), 1)
    for step in 0...count {
      fill(
        x: start.x + (end.x - start.x) * step / count,
        y: start.y + (end.y - start.y) * step / count, width: thickness, height: thickness, color)
    }
  }

  /// A disk with a white rim, around a place.
  mutating func mark(x: Int, y: Int, _ color: Color) {
    for row in -6...6 {
      for column in -6...6 {
        switch row * row + column * column {
        case ...16: self[x + column, y + row] = color
        case ...38: self[x + column, y + row] = .white
        default: break
        }
      }
    }
  }

  /// Pixels from one letter to the next, and of a letter's height.
  static let letterWidth = 2 * (Glyphs.width + 1)
  static let letterHeight = 2 * Glyphs.height

  /// Pixels from the first letter's left to the last one's right.
  static func width(of text: String) -> Int { max(0, text.count * letterWidth - 2) }

  /// Where a text has its `x`.
  enum Alignment { case left, center, right }

  /// The picture's title, in the middle over `x` as far as there is room for it.
  mutating func title(_ text: String, x: Int) {
    let half = Self.width(of: text) / 2
    self.text(text, x: max(min(x, width - Self.margin - half), Self.margin + half), y: 14, .center)
  }

  /// Pixels that stay free at the edges.
  static let margin = 16

  /// Text whose top is at `y`.
  mutating func text(_ text: String, x: Int, y: Int, _ alignment: Alignment = .left) {
    let width = Self.width(of: text)
    let left =
      switch alignment {
      case .left: x
      case .center: x - width / 2
      case .right: x - width
      }
    for (index, letter) in text.enumerated() {
      for row in 0..<Glyphs.height {
        for column in 0..<Glyphs.width where Glyphs.covers(letter, column: column, row: row) {
          fill(
            x: left + index * Self.letterWidth + 2 * column, y: y + 2 * row, width: 2, height: 2,
            .black)
        }
      }
    }
  }
}
