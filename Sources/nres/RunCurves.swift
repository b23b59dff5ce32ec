import Figures
import Settings
import Statistics
import Trainer

/// A curve for each group of runs that differ in their seed alone.
struct RunCurves {
  private(set) var lines: [Line] = []
  /// Which runs are not in it, a line each.
  private(set) var notes: [String] = []

  /// - Throws: `UnknownName` where no run has `tag`, and what is wrong with a run's files.
  init(of runs: [RunSummary], tag: String, over axis: CurveAxis) throws {
    var tags: Set<String> = []
    for (index, group) in try RunGroup.groups(of: runs).enumerated() {
      var curves: [RunCurve] = []
      for run in group.runs {
        let curve = try RunCurve(of: run, tag: tag, over: axis)
        tags.formUnion(curve.tags)
        if curve.points.isEmpty {
          notes.append("\(run.folder.path): has no '\(tag)' yet and is left out")
        } else {
          curves.append(curve)
        }
      }
      guard !curves.isEmpty else { continue }
      let seeds = curves.count > 1 ? ", \(curves.count) seeds" : ""
      lines.append(
        Self.line(group.label + seeds, Palette.stroke(index), of: curves))
    }
    if lines.isEmpty { throw UnknownName(kind: "tag", name: tag, choices: tags.sorted()) }
  }

  /// The median at all iterations that every curve has, and the quartiles where there are several.
  static func line(_ name: String, _ stroke: Stroke, of curves: [RunCurve]) -> Line {
    var values: [Int: (xs: [Double], ys: [Double])] = [:]
    for point in curves.flatMap(\.points) {
      values[point.iteration, default: ([], [])].xs.append(point.x)
      values[point.iteration, default: ([], [])].ys.append(point.y)
    }
    let shared = values.filter { $0.value.ys.count == curves.count }.sorted { $0.key < $1.key }
    var line = Line(name, stroke, points: [])
    for (_, value) in shared {
      let (x, y) = (quantile(0.5, of: value.xs), Quartiles(of: value.ys))
      line.points.append(Line.Point(x, y.median))
      if curves.count > 1 {
        line.band.append(Line.Extent(x: x, lower: y.first, upper: y.third))
      }
    }
    return line
  }
}
