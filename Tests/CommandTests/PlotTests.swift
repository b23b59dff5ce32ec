import Foundation
import Testing
import Viewer

@testable import nres

/// Axes, colours and letters of pictures.
struct PlotTests {
  @Test("ticks are round values within the range")
  func linearTicks() {
    #expect(Axis(1.9, 3.5).ticks.map(\.label) == ["2", "2.5", "3", "3.5"])
    #expect(Axis(2.9, 3.9).ticks.map(\.label) == ["3", "3.2", "3.4", "3.6", "3.8"])
    #expect(Axis(0, 372.3).ticks.map(\.label) == ["0", "100", "200", "300"])
    #expect(Axis(-0.3, 0.3).ticks.map(\.label) == ["-0.2", "0", "0.2"])
    #expect(Axis(0, 1).ticks.map(\.value) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    for length in [1e-6, 2e-3, 0.07, 1, 1.3, 2.1, 4.9, 9.9, 77, 1234, 5e7] {
      let axis = Axis(-1, -1 + length)
      #expect((2...8).contains(axis.ticks.count), "\(length)")
      #expect(axis.ticks.allSatisfy { -1e-9...1 + 1e-9 ~= axis.position(of: $0.value) })
    }
  }

  @Test("a logarithmic axis has powers of ten, and what lies between where they are few")
  func logarithmicTicks() {
    let axis = Axis(2.7, 731, isLogarithmic: true)
    #expect(axis.ticks.map(\.label) == ["5", "10", "20", "50", "100", "200", "500"])
    #expect(axis.position(of: 2.7) == 0 && axis.position(of: 731) == 1)
    #expect(abs(Axis(1, 100, isLogarithmic: true).position(of: 10) - 0.5) < 1e-15)
    let wide = Axis(1e-3, 1e30, isLogarithmic: true)
    #expect(wide.ticks.count < 9 && wide.ticks.first?.label == "0.001")
  }

  @Test("any range has at least two numbers that differ, within it")
  func anyRange() {
    var random = SystemRandomNumberGenerator()
    func number() -> Double {
      let number = Double.random(in: 1...10, using: &random)
      return (Bool.random(using: &random) ? number : -number)
        * pow(10, Double(Int.random(in: -330...306, using: &random)))
    }
    for _ in 0..<3000 {
      let first = number()
      let other = Bool.random() ? number() : first * (1 + pow(10, .random(in: -17...0)))
      let (lower, upper) = (min(first, other), max(first, other))
      guard lower < upper else { continue }
      var axes = [Axis(lower, upper)]
      if lower > 0 { axes.append(Axis(lower, upper, isLogarithmic: true)) }
      for axis in axes {
        let ticks = axis.ticks
        #expect((2...16).contains(ticks.count), "\(axis)")
        #expect(Set(ticks.map(\.label)).count == ticks.count, "\(axis)")
        let slack = max(abs(lower), abs(upper)) * 1e-15
        #expect(ticks.allSatisfy { lower - slack...upper + slack ~= $0.value }, "\(axis)")
      }
    }
    #expect(Axis(0, .leastNonzeroMagnitude).ticks.count == 2)
    #expect(Axis(2, 2.0000000000000004).ticks.count == 2)
    #expect(Axis(3, 3.00001).ticks.first.map(\.label) == "3")
  }

  @Test("a logarithmic axis without round powers has the numbers of a linear one")
  func shortLogarithmicAxis() {
    let axis = Axis(102.304, 102.324, isLogarithmic: true)
    #expect(axis.ticks.map(\.label) == ["102.305", "102.31", "102.315", "102.32"])
    #expect(Axis(5.5, 9, isLogarithmic: true).ticks.map(\.label) == ["6", "7", "8", "9"])
  }

  @Test("colours grow lighter from one end to the other")
  func colors() {
    let lightness = (0...100).map { step in
      let color = ColorMap.color(at: Double(step) / 100)
      return 0.2126 * Double(color.red) + 0.7152 * Double(color.green)
        + 0.0722 * Double(color.blue)
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColorMap.color(at: -1) == ColorMap.color(at: 0))
    #expect(ColorMap.color(at: 2) == Color(253, 231, 37))
  }

  @Test("letters stand where they are put")
  func letters() {
    var canvas = Canvas(width: 40, height: 20)
    canvas.text("1", x: 10, y: 3)
    let rows = (0..<7).map { row in
      (0..<5).map { canvas[10 + 2 * $0, 3 + 2 * row] == .black ? "#" : " " }.joined()
    }
    #expect(rows == ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "])
    var right = Canvas(width: 40, height: 20)
    right.text("1", x: 20, y: 3, .right)
    #expect(right.picture == canvas.picture)
    // Beside the picture nothing is drawn and nothing breaks.
    canvas.text("1", x: -100, y: 300)
    #expect(right.picture == canvas.picture)
  }

  @Test("a map has a colour for each loss, grey for none, and the marks that fit")
  func surface() {
    let plot = SurfacePlot(
      xs: [0, 1], ys: [0, 1], losses: [1, 10, .infinity, 100], xLabel: "x", yLabel: "y",
      title: "", marks: [("in", 0, 0, Color(9, 8, 7)), ("out", 5, 0, Color(6, 5, 4))])
    let picture = plot.picture()
    func color(_ column: Int, _ row: Int) -> Color {
      let first = 3 * ((60 + row) * picture.width + 90 + column)
      return Color(picture.pixels[first], picture.pixels[first + 1], picture.pixels[first + 2])
    }
    #expect(color(20, 580) == ColorMap.color(at: 0))
    #expect(color(580, 580) == ColorMap.color(at: 0.5))
    #expect(color(20, 20) == .grey && color(580, 20) == ColorMap.color(at: 1))
    #expect(color(150, 449) == Color(9, 8, 7))
    let pixels = stride(from: 0, to: picture.pixels.count, by: 3).map {
      Array(picture.pixels[$0..<$0 + 3])
    }
    #expect(!pixels.contains([6, 5, 4]))
  }

  /// The colour at a pixel.
  private func color(_ picture: Picture, _ column: Int, _ row: Int) -> Color {
    let first = 3 * (row * picture.width + column)
    return Color(picture.pixels[first], picture.pixels[first + 1], picture.pixels[first + 2])
  }

  @Test("colours go from the least loss to the largest, however little they differ")
  func scaleOfNearlyEqual() throws {
    for (least, most) in [(102.304, 102.324), (1e-8, 1e3)] {
      let scale = ColorScale(of: [least, (least * most).squareRoot(), most, .nan])
      #expect(scale.color(of: least) == ColorMap.color(at: 0))
      #expect(scale.color(of: most) == ColorMap.color(at: 1))
      #expect(!scale.hasLess && !scale.hasMore)
      #expect(scale.labels(distance: 0.03).count >= 2)
    }
    for loss in [102.3, 1e-300, 1.7e308, 1e38] {
      let scale = ColorScale(of: [Double](repeating: loss, count: 9))
      let axis = try #require(scale.axis)
      #expect(axis.lower < loss && loss < axis.upper && axis.upper < loss * 1.0001)
      #expect(scale.color(of: loss) == ColorMap.color(at: axis.position(of: loss)))
      #expect(abs(axis.position(of: loss) - 0.5) < 0.01)
      #expect(Set(scale.labels(distance: 0.03).map(\.text)).count >= 2)
    }
  }

  @Test("an outlier has the colour of the scale's end, which says so")
  func outliers() throws {
    let losses = (1...20).map { 100 + Double($0) }
    let more = ColorScale(of: losses + [1e30])
    let axis = try #require(more.axis)
    #expect(more.hasMore && !more.hasLess && axis.lower == 101 && axis.upper < 2000)
    #expect(more.color(of: 1e30) == ColorMap.color(at: 1))
    #expect(more.labels(distance: 0.03)[0].text.hasPrefix("≥ "))
    #expect(more.labels(distance: 0.03)[0].position == 1)
    let less = ColorScale(of: losses + [0])
    #expect(less.hasLess && !less.hasMore && less.axis?.lower == 101)
    #expect(less.labels(distance: 0.03)[0].text == "≤ 101")
    // What a tenfold loss is has nothing of an outlier.
    #expect(!ColorScale(of: losses + [900]).hasMore)
    let labels = more.labels(distance: 0.1).map(\.position).sorted()
    #expect(zip(labels, labels.dropFirst()).allSatisfy { $1 - $0 >= 0.05 })
  }

  @Test("losses that are all 0 have no scale but 0")
  func zeros() {
    let scale = ColorScale(of: [0, 0, .infinity])
    #expect(scale.axis == nil && scale.hasNumbers)
    #expect(scale.labels(distance: 0.03).map(\.text) == ["0"])
    #expect(scale.color(of: 0) == ColorMap.color(at: 0) && scale.color(of: .infinity) == .grey)
    #expect(!ColorScale(of: [.nan, .infinity]).hasNumbers)
    let picture = SurfacePlot(
      xs: [0, 1], ys: [0, 1], losses: [0, 0, 0, 0], xLabel: "x", yLabel: "y", title: ""
    ).picture()
    // The bar has one colour from its bottom to its top.
    #expect(Set((60..<660).map { color(picture, 720, $0) }) == [ColorMap.color(at: 0)])
  }

  @Test("no label touches the edge of a picture", arguments: [1, 40])
  func margins(titleLength: Int) {
    let title = String(repeating: "lorenz ", count: titleLength)
    let map = SurfacePlot(
      xs: [-79.99999, -79.99998], ys: [-79.99999, -79.99998],
      losses: [102.304, 102.309, 102.32, 102.324], xLabel: "x", yLabel: "y", title: title)
    let line = LinePlot(
      losses: [1e-9, 1e-7, 123456.7], startLabel: "a", endLabel: "b", title: title)
    for picture in [map.picture(), line.picture()] {
      for row in 0..<picture.height {
        for column in [0, 8, picture.width - 8, picture.width - 1] {
          #expect(color(picture, column, row) == .white, "\(column), \(row)")
        }
      }
    }
  }

  @Test("long labels beside each other leave a gap")
  func longLabels() {
    let picture = SurfacePlot(
      xs: [-79.99999, -79.99998], ys: [0, 1], losses: [1, 2, 3, 4], xLabel: "", yLabel: "",
      title: ""
    ).picture()
    let inked = (0..<picture.width).map { column in
      (672..<686).contains { color(picture, column, $0) == .black }
    }
    // A letter's columns are 10 pixels wide and 2 apart: more white is between labels.
    let runs = inked.split(separator: true, omittingEmptySubsequences: true)
    #expect(runs.dropFirst().dropLast().contains { $0.count >= 10 })
  }

  @Test("where a line's loss is not finite the whole height is grey, and only there")
  func lineGaps() {
    func picture(_ losses: [Double], smoothed: [Double]? = nil) -> Picture {
      LinePlot(
        losses: losses, smoothedLosses: smoothed, startLabel: "", endLabel: "", title: ""
      ).picture()
    }
    let gap = Color(215, 215, 215)
    // Places are 225 pixels apart; the third is the gap's middle.
    let losses: [Double] = [1, 1, .infinity, 1, 1]
    for (losses, smoothed) in [(losses, nil), ([1, 1, 1, 1, 1], losses)] as [([Double], [Double]?)]
    {
      let picture = picture(losses, smoothed: smoothed)
      for row in [65, 300, 475] {
        #expect([345, 450, 555].allSatisfy { color(picture, 100 + $0, row) == gap }, "\(row)")
        #expect([330, 570].allSatisfy { color(picture, 100 + $0, row) == .white }, "\(row)")
      }
    }
    let single = picture([1, .nan, 1] + [Double](repeating: 2, count: 3000))
    #expect((100..<110).contains { color(single, $0, 300) == gap })
    // A loss between two that are none is a dot.
    let dot = picture([.nan, 1, .nan])
    #expect((60..<480).contains { color(dot, 550, $0) == Color(130, 165, 200) })
    #expect(picture([.nan, .nan]).width > 0 && picture([0, 0]).width > 0)
  }

  @Test("every letter of a title has a glyph", arguments: ["≤", "≥", "T", "σ", "θ"] as [Character])
  func glyphs(letter: Character) {
    let pixels = (0..<35).map { Glyphs.covers(letter, column: $0 % 5, row: $0 / 5) }
    #expect(pixels.contains(true) && pixels.contains(false))
  }
}
