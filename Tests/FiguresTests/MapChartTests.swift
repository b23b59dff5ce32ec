import Foundation
import Testing

@testable import Figures

/// Maps of colours, their marks and their bars.
struct MapChartTests {
  private func chart(
    _ values: [Double], columns: Int = 2, scale: Scale? = Scale(1, 100, isLogarithmic: true)
  ) -> MapChart {
    MapChart(
      title: "", xTitle: "x", yTitle: "y", valueTitle: "",
      map: HeatMap(values, columns: columns, scale: scale), xRange: 0...1, yRange: 0...1)
  }

  @Test("a map has a colour for each number, grey for none, and the marks that fit")
  func colors() throws {
    var chart = chart([1, 10, .infinity, 100])
    let bare = try Vectors(chart)
    chart.marks = [
      MapChart.Mark("in", x: 0, y: 0, Palette.vermilion),
      MapChart.Mark("out", x: 5, y: 0, Palette.purple),
    ]
    let (vectors, pixels) = (try Vectors(chart), try Pixels(chart))
    let frame = try vectors.frame()
    #expect(abs(frame.width - 360) < 0.01 && abs(frame.height - 360) < 0.01)
    func color(_ x: Double, _ y: Double) -> Color {
      pixels[frame.left + 360 * x, frame.top + 360 * (1 - y)]
    }
    for (x, y, wanted) in [
      (0.02, 0.02, ColorMap.color(at: 0)), (0.98, 0.02, ColorMap.color(at: 0.5)),
      (0.02, 0.98, .grey), (0.98, 0.98, ColorMap.color(at: 1)), (0.25, 0.25, Palette.vermilion),
      (0.497, 0.3, ColorMap.color(at: 0)), (0.503, 0.3, ColorMap.color(at: 0.5)),
    ] { #expect(color(x, y) == wanted, "\(x), \(y)") }
    // The mark's letters, and its disk in map and legend with their rims.
    #expect(vectors.letters.count == bare.letters.count + 2)
    #expect(vectors.fills(Palette.vermilion).count == 2 && vectors.fills(Palette.purple).isEmpty)
    #expect(vectors.images.count == 2)
    #expect(vectors.images.allSatisfy { $0["style"] == "image-rendering:pixelated" })
  }

  @Test("the bar goes from the lowest colour at its bottom to the highest")
  func bar() throws {
    let chart = chart([1, 10, 20, 100])
    let (vectors, pixels) = (try Vectors(chart), try Pixels(chart))
    let frame = try vectors.frame()
    let x = frame.left + frame.width + 22
    for part in [0.01, 0.25, 0.5, 0.75, 0.99] {
      let color = pixels[x, frame.top + 360 * (1 - part)]
      #expect(color.isNear(ColorMap.color(at: part)), "\(part)")
    }
    // A zero everywhere is one colour, and no number none.
    let zeros = try Pixels(self.chart([0, 0, 0, 0], scale: nil))
    for part in [0.01, 0.5, 0.99] {
      #expect(zeros[x, frame.top + 360 * (1 - part)] == ColorMap.color(at: 0))
    }
    let none = try Vectors(self.chart([.nan, .nan, .nan, .nan], scale: nil))
    #expect(none.images.count == 1)
  }

  @Test("the bar's ends say what is beyond them, and no label covers another")
  func ends() {
    let scale = Scale(7, 1100, isLogarithmic: true)
    func labels(_ hasLess: Bool, _ hasMore: Bool) -> [String] {
      ColorBar.ticks(scale, hasLess: hasLess, hasMore: hasMore).map(\.label)
    }
    #expect(labels(false, false) == scale.ticks.map(\.label))
    #expect(labels(true, false) == ["≤ 7"] + scale.ticks.map(\.label))
    #expect(labels(false, true) == ["≥ 1.1·10³"] + scale.ticks.dropLast().map(\.label))
  }

  @Test("colours grow lighter from one end to the other, and differ beyond none")
  func colorMap() {
    let lightness = (0...100).map { step in
      let color = ColorMap.color(at: Double(step) / 100)
      return 0.2126 * Double(color.red) + 0.7152 * Double(color.green)
        + 0.0722 * Double(color.blue)
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColorMap.color(at: -1) == ColorMap.color(at: 0))
    #expect(ColorMap.color(at: 2) == Color(253, 231, 37))
    let map = HeatMap([1], columns: 1, scale: Scale(1, 100, isLogarithmic: true))
    #expect(map.color(of: 0) == ColorMap.color(at: 0) && map.color(of: -1) == ColorMap.color(at: 0))
    #expect(map.color(of: 1e30) == ColorMap.color(at: 1) && map.color(of: .nan) == .grey)
  }

  @Test("cells have whole pixels, up to more cells than pixels", arguments: [2, 7, 200, 719, 2000])
  func cells(count: Int) {
    let side = HeatMap.side(cells: count, length: 360)
    #expect((240...540).contains(side))
    #expect(count > 720 || (side * 2 / Double(count)).truncatingRemainder(dividingBy: 1) == 0)
  }

  @Test("more cells than pixels are means of what is there")
  func fine() throws {
    let values = (0..<2 * 4000).map { $0.isMultiple(of: 2) ? 1.0 : 100.0 }
    let chart = chart(values, columns: 4000)
    let frame = try Vectors(chart).frame()
    let (low, high) = (ColorMap.color(at: 0), ColorMap.color(at: 1))
    let color = try Pixels(chart)[frame.left + 100, frame.top + 100]
    #expect(abs(Int(color.green) - (Int(low.green) + Int(high.green)) / 2) < 40)
  }
}
