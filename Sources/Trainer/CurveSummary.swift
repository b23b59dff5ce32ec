package import Statistics

/// What a table says of the curves of runs that differ in their seed alone.
package struct CurveSummary: Sendable {
  /// When the curves come to a value worth reaching.
  package struct Reach: Sendable {
    package let threshold: Double
    /// The median of the places of the first points that are as good, infinite where most have none.
    package let first: Summary
    /// The place of the first point of the curves' mean that is as good, infinite where there is none.
    package let ofMean: Double
    /// How many curves have one.
    package let count: Int
  }

  package let label: String
  package let runs: Int
  /// The last point's value; the mean of the curves, as `best` and `area`.
  package let final: Summary
  /// The best value.
  package let best: Summary
  /// The area under the curve over its length: its mean height.
  package let area: Summary
  package let reaches: [Reach]

  /// - Parameters:
  ///   - end: Where areas end: the last place that all curves have which are compared.
  ///   - isHigherBetter: Whether larger values are better.
  package init(
    of group: CurveGroup, until end: Double, thresholds: [Double], isHigherBetter: Bool
  ) {
    let bootstrap = Bootstrap()
    func summary(_ values: [Double], _ statistic: @escaping ([Double]) -> Double) -> Summary {
      Summary(statistic(values), bootstrap.interval(of: [values]) { statistic($0[0]) })
    }
    func isAsGood(_ value: Double, _ other: Double) -> Bool {
      isHigherBetter ? value >= other : value <= other
    }
    label = group.label
    runs = group.curves.count
    final = summary(group.curves.compactMap { $0.points.last?.y }, mean)
    best = summary(group.curves.map { $0.best(isAsGood) }, mean)
    area = summary(group.curves.map { $0.meanHeight(until: end) }, mean)
    reaches = thresholds.map { threshold in
      let places = group.curves.map { curve in
        curve.points.first { isAsGood($0.y, threshold) }?.x ?? .infinity
      }
      return Reach(
        threshold: threshold, first: summary(places, median),
        ofMean: group.shared.first { isAsGood(mean($0.ys), threshold) }.map { median($0.xs) }
          ?? .infinity,
        count: places.count(where: \.isFinite))
    }
  }

  /// Summaries of `groups`, whose areas are compared over what all curves have.
  package static func summaries(
    of groups: [CurveGroup], thresholds: [Double], isHigherBetter: Bool
  ) -> [CurveSummary] {
    let end = groups.flatMap(\.curves).compactMap { $0.points.last?.x }.min() ?? 0
    return groups.map {
      CurveSummary(of: $0, until: end, thresholds: thresholds, isHigherBetter: isHigherBetter)
    }
  }
}

extension RunCurve {
  /// The best number; not a number where there is none.
  fileprivate func best(_ isAsGood: (Double, Double) -> Bool) -> Double {
    points.map(\.y).filter(\.isFinite).max { isAsGood($1, $0) } ?? .nan
  }

  /// The area under the lines from point to point, over their length until `end`.
  func meanHeight(until end: Double) -> Double {
    guard let first = points.first else { return .nan }
    var (area, before) = (0.0, first)
    for point in points.dropFirst() where before.x < end && point.x > before.x {
      let part = min((end - before.x) / (point.x - before.x), 1)
      let y = part < 1 ? before.y + (point.y - before.y) * part : point.y
      let x = part < 1 ? end : point.x
      area += (x - before.x) * (before.y + y) / 2
      before = Point(iteration: point.iteration, x: x, y: y)
    }
    return before.x > first.x ? area / (before.x - first.x) : first.y
  }
}
