import Settings

/// Runs that differ in their seed alone.
package struct RunGroup: Sendable {
  /// What tells it from the other groups: the settings that differ, the estimator by the papers' name.
  package private(set) var label = ""
  package private(set) var runs: [RunSummary]
  private let settings: RunSettings

  /// Settings on which no number of a curve depends, and the seed.
  static let free = ["remaining-seed", "threads", "checkpoint-every", "physics"]

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
    for index in groups.indices { groups[index].name(by: differing) }
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

  /// What stands before values of settings that papers give a letter, or that say themselves what they are.
  private static let prefixes = [
    "sigma": "σ ", "trunc-length": "W ", "num-particles": "N ", "outer-optimizer-specs": "",
  ]

  /// The estimator as papers call it.
  private var estimator: String {
    guard let name = settings["gradient-estimator"] else { return "?" }
    let names = [
      "TruncatedESBiased": "TES", "TruncatedNRES": "NRES", "FullGradient": "BPTT",
      "TruncatedBPTT": "TBPTT",
    ]
    guard let period = settings["K"].flatMap({ Int($0) }),
      let horizon = settings["horizon-length"].flatMap({ Int($0) })
    else { return names[name] ?? name }
    switch name {
    case "TruncatedPESK" where period >= horizon: return "NRES"
    case "TruncatedPESK" where settings["trunc-length"] == "\(period)": return "PES"
    case "TruncatedPESK": return "GPES, K \(period)"
    case "TruncatedForwardModeK" where period >= horizon: return "DODGE"
    default: return names[name] ?? name
    }
  }
}
