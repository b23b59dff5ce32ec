import Settings

/// The curves of runs that differ in their seed alone.
package struct CurveGroup: Sendable {
  /// What tells it from the others: the settings that differ.
  package let label: String
  /// One a run, each with a point at least.
  package let curves: [RunCurve]

  package init(label: String, curves: [RunCurve]) { (self.label, self.curves) = (label, curves) }

  /// Reads the curves of `runs`, in the order of the groups' first runs.
  ///
  /// - Returns: The groups, and a line for each run that has nothing to show yet.
  /// - Throws: `UnknownName` where no run has `tag`, `SettingsError` where none has any number, and what is
  ///   wrong with a run's files.
  package static func groups(
    of runs: [RunSummary], tag: String, over axis: CurveAxis
  ) throws -> (groups: [CurveGroup], notes: [String]) {
    var (groups, notes): ([CurveGroup], [String]) = ([], [])
    var tags: Set<String> = []
    for group in try RunGroup.groups(of: runs) {
      var curves: [RunCurve] = []
      for run in group.runs {
        guard run.hasTable else {
          notes.append("\(run.folder.path): has no numbers yet and is left out")
          continue
        }
        let curve = try RunCurve(of: run, tag: tag, over: axis)
        tags.formUnion(curve.tags)
        if curve.points.isEmpty {
          notes.append("\(run.folder.path): has no '\(tag)' yet and is left out")
        } else {
          curves.append(curve)
        }
      }
      if !curves.isEmpty { groups.append(CurveGroup(label: group.label, curves: curves)) }
      notes += group.repeatedSeeds.map { "\(group.label): seed \($0) is there more than once" }
    }
    if groups.isEmpty {
      if tags.isEmpty, !notes.isEmpty { throw SettingsError(notes.joined(separator: ", ")) }
      throw UnknownName(kind: "tag", name: tag, choices: tags.sorted())
    }
    return (groups, notes + groups.compactMap(\.shortNote))
  }

  /// What is not drawn since one curve ends before the others do; nil where nothing is left out.
  private var shortNote: String? {
    let ends = curves.compactMap { $0.points.last?.iteration }
    guard let least = ends.min(), let most = ends.max(), least < most else { return nil }
    return "\(label): drawn until iteration \(least), where one of \(curves.count) runs ends, "
      + "and not until \(most)"
  }

  /// The values of all curves at the iterations that every one has, and where these lie, in order.
  package var shared: [(xs: [Double], ys: [Double])] {
    var values: [Int: (xs: [Double], ys: [Double])] = [:]
    for point in curves.flatMap(\.points) {
      values[point.iteration, default: ([], [])].xs.append(point.x)
      values[point.iteration, default: ([], [])].ys.append(point.y)
    }
    return values.filter { $0.value.ys.count == curves.count }.sorted { $0.key < $1.key }
      .map(\.value)
  }
}
