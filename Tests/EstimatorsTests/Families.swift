import Estimators

extension EstimatorCatalogue {
  /// Evolution strategies, which run on every task.
  static let perturbing = all.filter { !$0.needsDerivatives }
  /// Those that need a task that can be differentiated.
  static let differentiating = all.filter { $0.needsDerivatives }
}
