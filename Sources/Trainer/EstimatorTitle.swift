import Estimators
import Settings

/// An estimator as papers call it.
package struct EstimatorTitle: Hashable, Sendable {
  /// `NRES`; the estimator's own name where papers have none.
  package let name: String
  /// K, where it needs one and the name does not say it.
  package let openPeriod: Int?

  /// `GPES, K 400`
  package var text: String { openPeriod.map { "\(name), K \($0)" } ?? name }

  /// Of the estimator that `settings` name by its own name.
  package init(_ settings: RunSettings) {
    func number(_ name: String) -> Int? { settings[name].flatMap { Int($0) } }
    guard let id = settings["gradient-estimator"],
      let algorithm = try? EstimatorCatalogue.named(id)
    else {
      (name, openPeriod) = (settings["gradient-estimator"] ?? "?", nil)
      return
    }
    let period = algorithm.needsNoisePeriod ? number("K") : nil
    let alias = EstimatorAlias.all.first {
      $0.algorithm == algorithm
        && $0.names(
          period: period, horizon: number("horizon-length"), windowLength: number("trunc-length"))
    }
    let isNRES = algorithm == TruncatedNRES.self
    name = alias?.name ?? (isNRES ? "NRES" : algorithm.id)
    openPeriod = alias.map(\.decidesPeriod) ?? false ? nil : period
  }
}
