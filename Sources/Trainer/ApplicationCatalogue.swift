import Settings
import Tasks

/// The applications there are.
package enum ApplicationCatalogue {
  /// All of them, in the order of listings.
  package static let all: [any Application.Type] =
    [ControlApplication.self] + SystemCatalogue.all.map(application(training:))
    + [LearnedOptimizerApplication.self]

  /// The application called `family`, capital or small letters.
  ///
  /// - Throws: `UnknownName` with the nearest name and the list.
  package static func named(_ family: String) throws -> any Application.Type {
    try all.named(family, kind: "application") { $0.family }
  }
}
