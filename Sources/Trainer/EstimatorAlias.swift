import Estimators
import Settings

/// A name that papers give to an estimator with a certain K, accepted by `--gradient-estimator`.
package struct EstimatorAlias: Sendable {
  /// What decides K.
  private enum Period: Sendable { case horizon, windowLength, any, none }

  package let name: String
  /// The estimator that it is.
  let algorithm: any EstimatorAlgorithm.Type
  private let period: Period

  /// All of them, in the order of listings.
  package static let all = [
    EstimatorAlias(name: "NRES", algorithm: TruncatedPESK.self, period: .horizon),
    EstimatorAlias(name: "PES", algorithm: TruncatedPESK.self, period: .windowLength),
    EstimatorAlias(name: "GPES", algorithm: TruncatedPESK.self, period: .any),
    EstimatorAlias(name: "TES", algorithm: TruncatedESBiased.self, period: .none),
    EstimatorAlias(name: "BPTT", algorithm: FullGradient.self, period: .none),
    EstimatorAlias(name: "TBPTT", algorithm: TruncatedBPTT.self, period: .none),
    EstimatorAlias(name: "DODGE", algorithm: TruncatedForwardModeK.self, period: .horizon),
  ]

  /// What it stands for: `TruncatedPESK with K = T`.
  package var summary: String {
    switch period {
    case .horizon: "\(algorithm.id) with K = T"
    case .windowLength: "\(algorithm.id) with K = W"
    case .any: "\(algorithm.id) with the K of --K"
    case .none: algorithm.id
    }
  }

  /// Whether it is what papers call an estimator with noise period K, in episodes of T steps and windows
  /// of W, where these are known.
  func names(period given: Int?, horizon: Int?, windowLength: Int?) -> Bool {
    switch period {
    case .horizon: given.flatMap { period in horizon.map { period >= $0 } } ?? false
    case .windowLength: given != nil && given == windowLength
    case .any, .none: true
    }
  }

  /// Whether the name decides K.
  var decidesPeriod: Bool { period == .horizon || period == .windowLength }

  /// The alias that `settings` have in the estimator's place, capital or small letters.
  init?(in settings: RunSettings) {
    guard let name = settings["gradient-estimator"]?.lowercased(),
      let alias = Self.all.first(where: { $0.name.lowercased() == name })
    else { return nil }
    self = alias
  }

  private init(name: String, algorithm: any EstimatorAlgorithm.Type, period: Period) {
    (self.name, self.algorithm, self.period) = (name, algorithm, period)
  }

  /// `settings` with the estimator's own name and its K.
  ///
  /// - Throws: `SettingsError` for a K of another estimator. One longer than an episode is no other
  ///   than T: noise is new in every episode.
  func resolve(in settings: RunSettings) throws(SettingsError) -> RunSettings {
    var settings = settings
    settings["gradient-estimator"] = algorithm.id
    let choice = try settings.group(EstimatorChoice.self)
    let (letter, decided) =
      period == .horizon ? ("T", choice.horizon) : ("W", choice.windowLength)
    guard decidesPeriod, let decided else { return settings }
    if let given = choice.noisePeriod {
      guard given == decided || period == .horizon && given > decided else {
        throw SettingsError(
          "--K is \(given), but \(name) is \(algorithm.id) with K = \(letter) = \(decided): "
            + "leave it out, or name the estimator \(algorithm.id)")
      }
    } else {
      settings["K"] = "\(decided)"
    }
    return settings
  }
}
