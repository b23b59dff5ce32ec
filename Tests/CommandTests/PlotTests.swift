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
}
