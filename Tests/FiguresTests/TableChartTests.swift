import Testing

@testable import Figures

/// Charts of intervals, of cells and of places on a plane.
struct TableChartTests {
  @Test("each group has its dots, its middle and its interval, where their numbers lie")
  func intervals() throws {
    var chart = IntervalChart(
      title: "t", xTitle: "x",
      groups: [
        IntervalChart.Group("a", values: [1, 2, 6], middle: 3, interval: 2...4),
        IntervalChart.Group("b", values: [5, .nan], middle: 5, interval: nil),
      ], valueName: "runs", middleName: "mean")
    chart.reference = 3
    let vectors = try Vectors(chart)
    let frame = try vectors.frame()
    func x(_ value: Double) -> Double {
      frame.left + frame.width * chart.xScale.position(of: value)
    }
    #expect(chart.xScale.lower < 1 && chart.xScale.upper > 6)
    // With their rims, and the one of the legend.
    #expect(vectors.fills(Palette.sky).count == 4 + 1)
    #expect(vectors.fills(Palette.blue).count == 2)
    let bars = vectors.strokes(Palette.blue)
    #expect(bars.count == 2)
    let bar = try #require(bars.min { $0.points[0].y < $1.points[0].y })
    #expect(abs(bar.points[0].x - x(2)) < 0.01 && abs(bar.points[1].x - x(4)) < 0.01)
    // The first group is the upper one, and its dots lie below its bar.
    let pixels = try Pixels(chart)
    let height = frame.top + 17
    for value in [1.0, 2, 6] { #expect(pixels[x(value), height + 6] == Palette.sky) }
    #expect(pixels[x(3), height - 5] == Palette.blue)
    #expect(pixels[x(5), height + 34 - 5] == Palette.blue)
    let reference = try #require(vectors.strokes(.grey).first)
    #expect(abs(reference.points[0].x - x(3)) < 0.01)
  }

  @Test("a cell has its number's colour, and the number in a colour that can be read on it")
  func cells() throws {
    let chart = CellChart(
      title: "t", xTitle: "x", yTitle: "y", valueTitle: "v", columns: ["1", "2"],
      rows: ["low", "high"], values: [[0, 10], [5, .nan]], decimals: 1)
    let (vectors, pixels) = (try Vectors(chart), try Pixels(chart))
    let frame = try vectors.frame()
    for (x, y, wanted) in [
      (0.02, 0.04, ColorMap.color(at: 0)), (0.98, 0.04, ColorMap.color(at: 1)),
      (0.02, 0.96, ColorMap.color(at: 0.5)), (0.98, 0.96, Color.grey),
    ] {
      let color = pixels[frame.left + frame.width * x, frame.top + frame.height * (1 - y)]
      #expect(color == wanted, "\(x), \(y)")
    }
    #expect(Color(68, 1, 84).isDark && !Color(253, 231, 37).isDark)
  }

  @Test("a place has its number's colour; one that a logarithm has not is left out")
  func places() throws {
    var chart = ScatterChart(
      title: "t", xTitle: "x", yTitle: "y", valueTitle: "v",
      points: [(0.01, 1, 1), (1, 2, 3), (-1, 2, 2)].map {
        ScatterChart.Point(x: $0, y: $1, value: $2)
      })
    chart.hasLogarithmicX = true
    let (vectors, pixels) = (try Vectors(chart), try Pixels(chart))
    let frame = try vectors.frame()
    #expect(vectors.fills(ColorMap.color(at: 0)).count == 1)
    #expect(vectors.fills(ColorMap.color(at: 1)).count == 1)
    #expect(vectors.fills(ColorMap.color(at: 0.5)).isEmpty)
    let x = Scale(covering: [0.01, 1], isLogarithmic: true, margin: 0.06)
    #expect(
      pixels[
        frame.left + frame.width * x.position(of: 0.01),
        frame.top + frame.height * (1 - Scale(1, 2).position(of: 1) * 0.88 - 0.06 / 1.12)
      ]
      .isNear(ColorMap.color(at: 0)))
  }
}
