import Catalogues

/// The applications there are.
public enum ApplicationCatalogue {
  /// All of them, in the order of listings.
  public static let all: [any Application.Type] = [
    ControlApplication.self,
    LorenzApplication.self,
    LearnedOptimizerApplication.self,
  ]

  /// The application called `family`, capital or small letters.
  ///
  /// - Throws: `UnknownName` with the nearest name and the list.
  public static func named(_ family: String) throws -> any Application.Type {
    if let match = all.first(where: { $0.family == family.lowercased() }) { return match }
    throw UnknownName(kind: "application", name: family, choices: all.map { $0.family })
  }
}
