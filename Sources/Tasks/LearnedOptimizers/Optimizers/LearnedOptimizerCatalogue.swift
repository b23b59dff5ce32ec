import Settings

/// The learned optimizers there are.
public enum LearnedOptimizerCatalogue {
  /// All of them, in the order of listings.
  public static let all: [any LearnedOptimizer.Type] = [
    MLPOptimizer.self, LearnableSGD.self, LearnableSGDM.self, LearnableAdam.self,
  ]

  /// The one called `id`, capital or small letters.
  ///
  /// - Throws: `UnknownName` with the nearest name and the list.
  public static func named(_ id: String) throws -> any LearnedOptimizer.Type {
    try all.named(id, kind: "learned optimizer") { $0.id }
  }
}
