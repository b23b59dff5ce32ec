import Foundation

extension EmbeddedPresets {
  /// The presets of this folder, numbers in their names in numeric order.
  package static let listed = all.sorted {
    $0.name.compare($1.name, options: .numeric) == .orderedAscending
  }
}
