import Foundation
import Testing

@testable import Figures

/// Files, formats, colours and letters.
struct PageTests {
  private var chart: LineChart {
    LineChart(
      title: "σ 0.3  θ <&>", xTitle: "x", yTitle: "y",
      lines: [Line("a", Palette.stroke(0), points: [Line.Point(0, 1), Line.Point(1, 2)])])
  }

  private var map: MapChart {
    MapChart(
      title: "", xTitle: "x", yTitle: "y", valueTitle: "z",
      map: HeatMap([1, 2, 3, 4], columns: 2, scale: Scale(1, 4)), xRange: 0...1, yRange: 0...1)
  }

  @Test(
    "the same figure has the same bytes, whatever was drawn before",
    arguments: FigureFormat.allCases)
  func sameBytes(format: FigureFormat) throws {
    let first = (try chart.bytes(as: format), try map.bytes(as: format))
    for _ in 0..<3 {
      #expect(try chart.bytes(as: format) == first.0)
      #expect(try map.bytes(as: format) == first.1)
    }
    #expect(first.0 != first.1)
  }

  @Test("a file begins as its format does, and says no time")
  func formats() throws {
    #expect(try chart.bytes(as: .png).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try chart.bytes(as: .pdf).starts(with: "%PDF-".utf8))
    #expect(try chart.bytes(as: .svg).starts(with: "<?xml".utf8))
    let pdf = String(decoding: try chart.bytes(as: .pdf), as: Unicode.ASCII.self)
    #expect(!pdf.contains("CreationDate") && !pdf.contains("D:20"))
    let year = "\(Calendar(identifier: .gregorian).component(.year, from: Date()))"
    #expect(!String(decoding: try chart.bytes(as: .svg), as: UTF8.self).contains("\(year)-"))
  }

  @Test("the end of a name says the format")
  func names() {
    for (name, format) in [
      ("a.png", .png), ("b/c.d/e.SVG", .svg), ("x.y.pdf", .pdf), ("a.jpg", nil), ("png", nil),
      ("a.png/b", nil), ("a.", nil), ("", nil), ("a.svgz", nil),
    ] as [(String, FigureFormat?)] {
      #expect(FigureFormat(path: name) == format, "\(name)")
    }
  }

  @Test("what cairo cannot make is an error of one line")
  func errors() {
    #expect(throws: FigureError.self) {
      try Page.bytes(width: 1e5, height: 10, as: .png) { _ in }
    }
    let error = FigureError(cause: "out of memory")
    #expect("\(error)" == "the figure could not be drawn: out of memory")
  }

  @Test("strokes differ, neighbours in colour and in dashes")
  func strokes() {
    let strokes = (0..<32).map(Palette.stroke)
    #expect(Set(strokes).count == 32)
    for (stroke, next) in zip(strokes, strokes.dropFirst()) {
      #expect(stroke.color != next.color && stroke.dashes != next.dashes)
    }
  }

  @Test("every letter of the program's own has a shape", arguments: Array("σθ≤≥·⁻⁰¹²³⁴⁵⁶⁷⁸⁹−±Δ"))
  func glyphs(letter: Character) throws {
    func shapes(_ text: String) throws -> [UInt8] {
      try Page.bytes(width: 40, height: 20, as: .svg) { pen in
        pen.text(Text(text), at: Point(0, 0), anchor: (0, 0))
      }
    }
    // A letter that no font has is a box with its number.
    #expect(try !shapes("\u{10FFFD}").isEmpty && shapes("\(letter)") != shapes("\u{E123}"))
    let pixels = try Page.bytes(width: 40, height: 20, as: .png) { pen in
      pen.text(Text("\(letter)"), at: Point(0, 0), anchor: (0, 0))
    }
    #expect(pixels != (try Page.bytes(width: 40, height: 20, as: .png) { _ in }))
  }

  @Test("a text is as wide as its letters, and one that is limited goes on below")
  func texts() {
    let (one, ten) = (Text("m"), Text(String(repeating: "m", count: 10)))
    #expect(abs(ten.width - 10 * one.width) < 0.1 && ten.height == one.height)
    let title = Text("ten mice in a row of words", .title, limit: 60)
    #expect(title.width == 60 && title.height > 2 * Text("t", .title).height)
    #expect(Text("").height == 0)
    #expect(Text("m", TextStyle(size: 18)).width > 1.9 * one.width)
  }
}
