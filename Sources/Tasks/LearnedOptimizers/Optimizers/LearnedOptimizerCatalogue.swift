import Catalogues

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
    if let match = all.first(where: { $0.id.lowercased() == id.lowercased() }) { return match }
    throw UnknownName(kind: "learned optimizer", name: id, choices: all.map { $0.id })
  }
}
