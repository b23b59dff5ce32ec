import Figures
import Settings
import Statistics
import Trainer

/// A curve for each group of runs that differ in their seed alone.
struct RunCurves {
  let groups: [CurveGroup]
  private(set) var lines: [Line] = []
  /// Which runs are not in it, and which curves have no band, a line each.
  private(set) var notes: [String]

  /// - Parameter band: What is drawn of several seeds; nil for quartiles where there are some.
  /// - Throws: `UnknownName` where no run has `tag`, `SettingsError` where a band is asked for and every
  ///   group has one run, and what is wrong with a run's files.
  init(
    of runs: [RunSummary], tag: String, over axis: CurveAxis, band: Band? = nil
  ) throws {
    // What has diverged is worse than any number, so that a median is there where half the runs are.
    let headline = runs.first?.headline.flatMap { $0.tag == tag ? $0 : nil }

    (groups, notes) = try CurveGroup.groups(of: runs, tag: tag, over: axis)
    if let band {
      let single = groups.filter { $0.curves.count == 1 }
      guard single.count < groups.count else {
        throw SettingsError(
          "--band is \(band.rawValue), but each curve is of one run: a band needs runs that differ "
            + "in their seed alone")
      }
      notes += single.map { "\($0.label): is one run and has no band" }
    }
    lines = groups.enumerated().map { index, group in
      let seeds = group.curves.count > 1 ? ", \(group.curves.count) seeds" : ""
      return Self.line(
        group.label + seeds, Palette.stroke(index), of: group, band: band ?? .quartiles,
        ranked: { headline?.ranked($0) ?? $0 })
    }
  }

  /// The middle at all iterations that every curve has, and a band where there are several.
  static func line(
    _ name: String, _ stroke: Stroke, of group: CurveGroup, band: Band,
    ranked: (Double) -> Double = { $0 }
  ) -> Line {
    var line = Line(name, stroke, points: [])
    for (xs, ys) in group.shared {
      let (x, summary) = (median(xs), band.summary(of: ys.map(ranked)))
      line.points.append(Line.Point(x, summary.middle))
      if group.curves.count > 1 {
        // Where there is none, the band is broken.
        line.band.append(
          Line.Extent(
            x: x, lower: summary.interval?.lowerBound ?? .nan,
            upper: summary.interval?.upperBound ?? .nan))
      }
    }
    return line
  }
}
