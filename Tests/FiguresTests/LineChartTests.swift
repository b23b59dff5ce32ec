import Foundation
import Testing

@testable import Figures

/// Curves, bands, thresholds and legends, as SVG and as pixels.
struct LineChartTests {
  private func chart(_ lines: [Line], title: String = "") -> LineChart {
    LineChart(title: title, xTitle: "", yTitle: "", lines: lines)
  }

  private let values: [(Double, Double)] = [(1, 10), (10, 1000), (20, 30), (100, 400)]

  @Test("a curve's points lie where the scales put them", arguments: [false, true], [false, true])
  func places(hasLogarithmicX: Bool, hasLogarithmicY: Bool) throws {
    var chart = chart([
      Line("", Palette.stroke(0), points: values.map { Line.Point($0, $1) })
    ])
    (chart.hasLogarithmicX, chart.hasLogarithmicY) = (hasLogarithmicX, hasLogarithmicY)
    let vectors = try Vectors(chart)
    let frame = try vectors.frame()
    #expect(abs(frame.width - 460) < 0.01 && abs(frame.height - 250) < 0.01)
    let curve = try #require(vectors.strokes(Palette.blue).first)
    #expect(vectors.strokes(Palette.blue).count == 1 && curve.points.count == 4)
    func part(_ value: Double, _ least: Double, _ most: Double, _ isLogarithmic: Bool) -> Double {
      isLogarithmic ? log(value / least) / log(most / least) : (value - least) / (most - least)
    }
    for (point, value) in zip(curve.points, values) {
      let x = frame.left + 460 * part(value.0, 1, 100, hasLogarithmicX)
      // 4 % are free below the least and above the largest.
      let height = (0.04 + part(value.1, 10, 1000, hasLogarithmicY)) / 1.08
      let y = frame.top + 250 * (1 - height)
      #expect(abs(point.x - x) < 0.01 && abs(point.y - y) < 0.01, "\(value)")
    }
  }

  @Test("a curve is broken where there is no number, and one number alone is a dot")
  func breaks() throws {
    let ys: [Double] = [1, 2, .nan, 3, .infinity, 2, 1, -.infinity]
    let line = Line(
      "", Palette.stroke(0), points: ys.enumerated().map { Line.Point(Double($0), $1) })
    let vectors = try Vectors(chart([line]))
    #expect(vectors.strokes(Palette.blue).map(\.points.count) == [2, 2])
    #expect(vectors.fills(Palette.blue).count == 1)
    var logarithmic = chart([
      Line("", Palette.stroke(0), points: [1, 0, 3, 4].map { Line.Point($0, $0) })
    ])
    (logarithmic.hasLogarithmicX, logarithmic.hasLogarithmicY) = (true, true)
    #expect(try Vectors(logarithmic).strokes(Palette.blue).map(\.points.count) == [2])
  }

  @Test("a band covers what it says, pale, and a threshold goes across")
  func band() throws {
    var chart = chart([
      Line(
        "", Palette.stroke(0), points: [Line.Point(0, 5), Line.Point(10, 5)],
        band: [Line.Extent(x: 0, lower: 2, upper: 8), Line.Extent(x: 10, lower: 4, upper: 6)])
    ])
    chart.yRange = 0...10
    chart.thresholds = [LineChart.Threshold(9, name: "nine"), LineChart.Threshold(11, name: "far")]
    let vectors = try Vectors(chart)
    let frame = try vectors.frame()
    let band = try #require(vectors.fills(Palette.blue).first)
    #expect(band.style["fill-opacity"] == "0.22")
    let corners = band.points.prefix(4).map {
      (($0.x - frame.left) / 46, (frame.top + frame.height - $0.y) / 25)
    }
    for (corner, wanted) in zip(corners, [(0, 8), (10, 6), (10, 4), (0, 2)]) {
      #expect(abs(corner.0 - Double(wanted.0)) < 0.01 && abs(corner.1 - Double(wanted.1)) < 0.01)
    }
    // One line across the plot, and one before each name of the legend.
    let grey = vectors.strokes(Color(90, 90, 90))
    let across = grey.filter { abs(Vectors.box($0).width - 460) < 0.01 }
    #expect(across.count == 1 && grey.count == 3)
    #expect(abs((frame.top + frame.height - across[0].points[0].y) / 25 - 9) < 0.01)
    let pixels = try Pixels(chart)
    func color(_ x: Double, _ y: Double) -> Color {
      pixels[frame.left + 46 * x, frame.top + frame.height - 25 * y]
    }
    #expect(color(1, 7.5) == color(1, 2.5) && color(1, 7.5) != .white && color(1, 8.5) == .white)
    #expect(color(9, 3) == .white && color(5, 5) == Palette.blue)
  }

  @Test("a band below a logarithmic scale reaches down to its end")
  func logarithmicBand() throws {
    var chart = chart([
      Line(
        "", Palette.stroke(0), points: [Line.Point(0, 1), Line.Point(1, 10)],
        band: [Line.Extent(x: 0, lower: -1, upper: 2), Line.Extent(x: 1, lower: 5, upper: 20)])
    ])
    chart.hasLogarithmicY = true
    let vectors = try Vectors(chart)
    let frame = try vectors.frame()
    let band = try #require(vectors.fills(Palette.blue).first)
    #expect(abs(Vectors.box(band).top + Vectors.box(band).height - frame.top - frame.height) < 0.01)
  }

  @Test("the legend names each curve, and every letter is on the page", arguments: [2, 60])
  func legend(length: Int) throws {
    let names = (0..<9).map { "σ" + String(repeating: "a", count: length) + "\($0)" }
    let lines = names.enumerated().map { index, name in
      Line(name, Palette.stroke(index), points: [Line.Point(0, 0), Line.Point(1, Double(index))])
    }
    var chart = chart(lines, title: String(repeating: "lorenz ", count: length))
    chart.shades = [LineChart.Shade(0.2...0.3)]
    chart.shadeName = "none"
    let with = try Vectors(chart)
    chart.lines = lines.map { Line("", $0.stroke, points: $0.points) }
    chart.shades = []
    let without = try Vectors(chart)
    #expect(with.letters.count - without.letters.count == 9 * (length + 2) + 4)
    for letter in with.letters {
      #expect(8...with.size.width - 8 ~= letter.x && 8...with.size.height - 8 ~= letter.y)
    }
    // Each curve and its sign.
    #expect(with.strokes(Palette.green).count == 2 && without.strokes(Palette.green).count == 1)
    let signs = Palette.colors[1..<6].compactMap {
      with.strokes($0).dropFirst().first?.points.first
    }
    let frame = try with.frame()
    // Below the axis and its labels.
    #expect(signs.allSatisfy { $0.y > frame.top + frame.height + 27 })
    #expect(Set(signs.map { "\($0.x) \($0.y)" }).count == 5)
  }

  @Test("a shade is grey from bottom to top, cut at the plot's ends")
  func shades() throws {
    var chart = chart([
      Line("", Palette.stroke(0), points: [Line.Point(0, 1), Line.Point(10, 1)])
    ])
    chart.yRange = 0...10
    chart.shades = [LineChart.Shade(-5...2), LineChart.Shade(6...7)]
    let vectors = try Vectors(chart)
    let (frame, pixels) = (try vectors.frame(), try Pixels(chart))
    for y in [0.03, 0.5, 0.97] {
      for (x, isGrey) in [
        (0.5, true), (1.9, true), (2.1, false), (5.9, false), (6.1, true), (7.1, false),
      ] {
        let color = pixels[frame.left + 46 * x, frame.top + frame.height * y]
        #expect((color == .lightGrey) == isGrey, "\(x)")
      }
    }
    #expect(pixels[frame.left - 3, frame.top + 60] == .white)
  }

  @Test(
    "what lies far beyond the axis leads there and is nowhere else", arguments: [1e4, 1e7, 1e200])
  func farBeyond(distance: Double) throws {
    // Up to far away at x = 1, down through the plot at 4, and up again at 7: between them nothing is seen.
    let ys = [0.5, 0.5, distance, distance, 0.5, -distance, -distance / 2, 0.1]
    let points = ys.enumerated().map { Line.Point(Double($0), $1) }
    var chart = chart([Line("", Palette.stroke(0), points: points)])
    chart.yRange = 0...1
    var band = chart
    band.lines = [
      Line(
        "", Palette.stroke(0), points: [],
        band: points.map { Line.Extent(x: $0.x, lower: min(0.2, $0.y), upper: max(0.2, $0.y)) })
    ]
    for chart in [chart, band] {
      let vectors = try Vectors(chart)
      let frame = try vectors.frame()
      for path in vectors.strokes(Palette.blue) + vectors.fills(Palette.blue) {
        for point in path.points {
          // A height above and below, and what an SVG rounds.
          #expect(abs(point.y - frame.top - frame.height / 2) < 1.51 * frame.height)
        }
      }
    }
    let frame = try Vectors(chart).frame()
    let (pixels, filled) = (try Pixels(chart), try Pixels(band))
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (frame.left + frame.width * x / 7, frame.top + frame.height * (1 - y))
    }
    for x in [1.5, 2.5, 3.5, 5.5, 6.5] {
      for y in [0.1, 0.3, 0.5, 0.7, 0.9] {
        let there = place(x, y)
        #expect(pixels[there.x, there.y] == .white, "\(x), \(y)")
        let isCovered = (x < 4) == (y > 0.2)
        #expect((filled[there.x, there.y] != .white) == isCovered, "\(x), \(y)")
      }
    }
    // It leaves where it did and comes back there.
    for (x, y) in [(0.5, 0.5), (1, 0.8), (4, 0.8), (4, 0.2)] {
      let there = place(x, y)
      #expect(pixels[there.x, there.y] == Palette.blue, "\(x), \(y)")
    }
  }

  @Test("a threshold beyond the axis is not drawn where cairo's coordinates begin anew")
  func farThreshold() throws {
    var chart = chart([
      Line("", Palette.stroke(0), points: [Line.Point(0, 0), Line.Point(1, 1)])
    ])
    chart.yRange = 0...1
    // The plot is 250 points high, and 2²⁴ points later comes the same place.
    chart.thresholds = [LineChart.Threshold(0.5 + 0x1p24 / 250, name: "far")]
    #expect(try Vectors(chart).strokes(Color(90, 90, 90)).count == 1, "that of the legend")
  }

  @Test("a line that leaves the picture does so where it was going to")
  func slope() throws {
    var chart = chart([
      Line("", Palette.stroke(0), points: [Line.Point(0, 0), Line.Point(10, 10)])
    ])
    chart.yRange = 0...2
    let vectors = try Vectors(chart)
    let frame = try vectors.frame()
    let line = try #require(vectors.strokes(Palette.blue).first)
    for point in line.points.dropLast() {
      let (x, y) = (
        10 * (point.x - frame.left) / frame.width,
        2 * (frame.top + frame.height - point.y) / frame.height
      )
      #expect(abs(x - y) < 0.01)
    }
    #expect(line.points.count == 3)
  }

  @Test("curves of many points keep their ends, highest and lowest")
  func manyPoints() throws {
    var points = (0..<100_000).map { Point(Double($0) / 1000, sin(Double($0))) }
    points[77_777].y = 9
    points[33_333].y = -9
    let few = thinned(points)
    #expect(few.count < 2000 && few.first == points.first && few.last == points.last)
    #expect(few.contains(points[77_777]) && few.contains(points[33_333]))
    #expect(zip(few, few.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(thinned(Array(points.prefix(2000))) == Array(points.prefix(2000)))
  }

  @Test("without numbers there is a chart all the same")
  func empty() throws {
    for lines in [[], [Line("a", Palette.stroke(0), points: [Line.Point(0, .nan)])]] {
      for isLogarithmic in [false, true] {
        var chart = chart(lines)
        (chart.hasLogarithmicX, chart.hasLogarithmicY) = (isLogarithmic, isLogarithmic)
        chart.yRange = -1...(.infinity)
        #expect(try Vectors(chart).frame().width > 0)
      }
    }
  }
}
