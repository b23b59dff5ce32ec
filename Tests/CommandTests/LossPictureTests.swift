import Figures
import Foundation
import Tasks
import Testing

@testable import nres

/// What pictures of a loss show.
struct LossPictureTests {
  private func map(_ losses: [Double], smoothed: [Double]? = nil) throws -> MapChart {
    let side = Int(Double(losses.count).squareRoot())
    let values = spaced(2, 3, count: side)
    return GridLosses(
      map: try #require(Lorenz.lossMap), xs: values, ys: values,
      losses: Losses(plain: losses, smoothed: smoothed), title: "title"
    ).figure()
  }

  private func line(_ losses: [Double], smoothed: [Double]? = nil) throws -> LineChart {
    LineLosses(
      map: try #require(Lorenz.lossMap),
      places: spaced(3, 2, count: losses.count).map { Place(x: $0, y: -1e-7) },
      losses: Losses(plain: losses, smoothed: smoothed), title: "title"
    ).figure()
  }

  @Test("a map shows the smoothed loss where there is one, start and truth, and says what is what")
  func mapOfLosses() throws {
    let chart = try map([1, 2, 3, 4])
    #expect(chart.map.values == [1, 2, 3, 4] && chart.xRange == 2...3 && chart.yRange == 2...3)
    #expect([chart.title, chart.xTitle, chart.yTitle] == ["title", "log a", "log r"])
    #expect(chart.marks.map(\.name) == ["truth", "start"])
    #expect(chart.marks.map(\.x) == [log(10), 3.116])
    #expect(chart.valueTitle == "loss")
    #expect(try map([1, 2, 3, 4], smoothed: [5, 6, 7, 8]).map.values == [5, 6, 7, 8])
  }

  @Test("a line's curves go from one place to the other, over all of the height")
  func lineOfLosses() throws {
    let chart = try line([1, 3, 2], smoothed: [2, 2, 1])
    #expect(chart.lines.map(\.name) == ["loss", "smoothed loss"])
    #expect(chart.lines[0].points == [.init(0, 1), .init(0.5, 3), .init(1, 2)])
    #expect(chart.lines[1].points.map(\.y) == [2, 2, 1])
    #expect(chart.yRange == 0...3 * 1.05 && chart.shades.isEmpty)
    #expect(chart.xTitle == "way from (log a, log r) = (3, −10⁻⁷) to (2, −10⁻⁷)")
    for losses in [[0, 0], [.nan, .nan], [1e38, 3e38]] {
      #expect(try line(losses).bytes(as: .svg).count > 1000)
    }
  }

  @Test("where a line's loss is not finite it is grey, half way to the places beside it")
  func gaps() throws {
    let losses: [Double] = [1, 1, .infinity, .nan, 1]
    for chart in [try line(losses), try line([1, 1, 1, 1, 1], smoothed: losses)] {
      #expect(chart.shades.map(\.range) == [0.375...0.875])
    }
    #expect(try line([.nan, 1, .nan]).shades.map(\.range) == [0...0.25, 0.75...1])
  }

  @Test("colours go from the least loss to the largest, however little they differ")
  func rangeOfNearlyEqual() throws {
    for (least, most) in [(102.304, 102.324), (1e-8, 1e3)] {
      let range = LossRange(of: [least, (least * most).squareRoot(), most, .nan])
      let map = HeatMap([0], columns: 1, scale: range.scale)
      #expect(map.color(of: least) == ColorMap.color(at: 0))
      #expect(map.color(of: most) == ColorMap.color(at: 1))
      #expect(!range.hasLess && !range.hasMore)
    }
    for loss in [102.3, 1e-300, 1.7e308, 1e38] {
      let range = LossRange(of: [Double](repeating: loss, count: 9))
      let scale = try #require(range.scale)
      #expect(scale.lower < loss && loss < scale.upper && scale.upper < loss * 1.0001)
      #expect(abs(scale.position(of: loss) - 0.5) < 0.01)
      #expect(Set(scale.ticks.map(\.label)).count >= 2)
    }
  }

  @Test("an outlier has the colour of the scale's end, which says so")
  func outliers() throws {
    let losses = (1...20).map { 100 + Double($0) }
    let more = LossRange(of: losses + [1e30])
    let scale = try #require(more.scale)
    #expect(more.hasMore && !more.hasLess && scale.lower == 101 && scale.upper < 2000)
    #expect(HeatMap([0], columns: 1, scale: scale).color(of: 1e30) == ColorMap.color(at: 1))
    let less = LossRange(of: losses + [0])
    #expect(less.hasLess && !less.hasMore && less.scale?.lower == 101)
    // What a tenfold loss is has nothing of an outlier.
    #expect(!LossRange(of: losses + [900]).hasMore)
    #expect(try map(losses.prefix(15) + [1e30]).hasMore)
  }

  @Test("losses that are all 0 have one colour, and no number is grey")
  func zeros() throws {
    #expect(LossRange(of: [0, 0, .infinity]).scale == nil)
    for losses in [[0, 0, 0, 0], [.nan, .nan, .nan, .infinity], [0, .nan, 0, 1]] {
      for format in FigureFormat.allCases {
        #expect(try map(losses).bytes(as: format).count > 1000)
      }
    }
  }
}
