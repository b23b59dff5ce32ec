import Settings

/// Runs that differ in their seed alone.
package struct RunGroup: Sendable {
  /// What tells it from the other groups: the estimator by the papers' name, and the settings that differ
  /// where that is not enough.
  package private(set) var label = ""
  package private(set) var runs: [RunSummary]
  private let settings: RunSettings

  /// Settings on which no number of a curve depends but how many there are, and the seed.
  private static let free =
    RunSettings.numberless + RunSettings.namesOfEnd + ["remaining-seed"]
    + EvaluationSettings.declarations.map(\.name)

  /// Seeds that several of its runs have.
  package var repeatedSeeds: [String] {
    Dictionary(grouping: runs.compactMap(\.seed)) { $0 }.filter { $1.count > 1 }.keys.sorted()
  }

  /// Groups of `runs`, in the order of their first runs.
  ///
  /// - Throws: what is wrong with a run whose configuration cannot be read.
  package static func groups(of runs: [RunSummary]) throws -> [RunGroup] {
    var groups: [RunGroup] = []
    for run in runs {
      var settings = try run.folder.configuration().settings
      for name in free { settings[name] = nil }
      if let index = groups.firstIndex(where: { $0.settings == settings }) {
        groups[index].runs.append(run)
      } else {
        groups.append(RunGroup(runs: [run], settings: settings))
      }
    }
    let differing = RunSettings.names.filter { name in
      Set(groups.map { $0.settings[name] }).count > 1
    }
    let haveOwnEstimators = Set(groups.map(\.estimator)).count == groups.count
    for index in groups.indices {
      groups[index].name(by: haveOwnEstimators ? [] : differing)
    }
    return groups
  }

  private init(runs: [RunSummary], settings: RunSettings) {
    (self.runs, self.settings) = (runs, settings)
  }

  private mutating func name(by differing: [String]) {
    let ofEstimator = ["gradient-estimator", "K"]
    let isAlone = differing.isEmpty || differing.contains(where: ofEstimator.contains)
    let others = differing.filter { !ofEstimator.contains($0) }
      .compactMap { name in settings[name].map { (Self.prefixes[name] ?? "\(name) ") + $0 } }
    label = ((isAlone ? [estimator] : []) + others).joined(separator: ", ")
    if label.isEmpty { label = estimator }
  }

  private var estimator: String { EstimatorTitle(settings).text }

  /// What stands before values of settings that papers give a letter, or that say themselves what they are.
  private static let prefixes = [
    "sigma": "σ ", "trunc-length": "W ", "num-particles": "N ", "outer-optimizer-specs": "",
  ]
}
