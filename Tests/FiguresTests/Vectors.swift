import Figures
import Foundation
import FoundationXML
import Testing

/// What an SVG file has, for tests of it.
struct Vectors {
  /// A line or an area.
  struct Path {
    var style: [String: String]
    /// The corners, as numbers in a row.
    var points: [(x: Double, y: Double)]

    var isStroke: Bool { style["stroke"].map { $0 != "none" } ?? false }
  }

  /// All but the shapes of letters.
  let paths: [Path]
  /// Where letters are; blanks count.
  let letters: [(x: Double, y: Double)]
  /// Attributes of images.
  let images: [[String: String]]
  /// Width and height.
  let size: (width: Double, height: Double)

  init(_ figure: some Figure) throws {
    let document = try XMLDocument(data: Data(figure.bytes(as: .svg)))
    func all(_ path: String) throws -> [[String: String]] {
      try document.nodes(forXPath: path).compactMap { $0 as? XMLElement }.map { element in
        Dictionary(
          uniqueKeysWithValues: (element.attributes ?? []).map {
            ($0.name ?? "", $0.stringValue ?? "")
          })
      }
    }
    func named(_ name: String) -> String { "//*[local-name()='\(name)']" }
    paths = try all(
      "\(named("path"))[not(ancestor::*[local-name()='symbol' or local-name()='clipPath'])]"
    )
    .map { attributes in
      var style: [String: String] = [:]
      for item in (attributes["style"] ?? "").split(separator: ";") {
        let parts = item.split(separator: ":")
        style[String(parts[0])] = String(parts[parts.count - 1])
      }
      let words = (attributes["d"] ?? "").split(separator: " ")
      let numbers = words.compactMap { Double($0) }
      return Path(
        style: style,
        points: stride(from: 0, to: numbers.count - 1, by: 2).map {
          (numbers[$0], numbers[$0 + 1])
        })
    }
    letters = try all(named("use")).filter {
      ($0["xlink:href"] ?? $0["href"] ?? "").contains("glyph")
    }
    .map { (Double($0["x"] ?? "") ?? .nan, Double($0["y"] ?? "") ?? .nan) }
    images = try all(named("image"))
    let root = try #require(try all("/*").first)
    func points(_ name: String) throws -> Double {
      try #require(Double((root[name] ?? "").replacing("pt", with: "")))
    }
    size = (try points("width"), try points("height"))
  }

  /// Strokes of a colour.
  func strokes(_ color: Color) -> [Path] {
    paths.filter { $0.isStroke && Self.isColor($0.style["stroke"], color) }
  }

  func fills(_ color: Color) -> [Path] {
    paths.filter { !$0.isStroke && Self.isColor($0.style["fill"], color) }
  }

  /// The frame of the plot: the largest rectangle that is stroked.
  func frame() throws -> (left: Double, top: Double, width: Double, height: Double) {
    let frame = try #require(
      strokes(.black).filter { $0.points.count >= 4 && $0.style["stroke-width"] == "0.7" }
        .max { Self.box($0).width * Self.box($0).height < Self.box($1).width * Self.box($1).height }
    )
    return Self.box(frame)
  }

  static func box(_ path: Path) -> (left: Double, top: Double, width: Double, height: Double) {
    let (xs, ys) = (path.points.map(\.x), path.points.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return (left, top, (xs.max() ?? 0) - left, (ys.max() ?? 0) - top)
  }

  /// Whether `rgb(0%,44.7%,69.8%)` is this colour.
  private static func isColor(_ text: String?, _ color: Color) -> Bool {
    let parts = (text ?? "").split { !($0.isNumber || $0 == ".") }.compactMap { Double($0) }
    let wanted = [color.red, color.green, color.blue].map { Double($0) / 2.55 }
    return parts.count == 3 && zip(parts, wanted).allSatisfy { abs($0 - $1) < 0.01 }
  }
}
