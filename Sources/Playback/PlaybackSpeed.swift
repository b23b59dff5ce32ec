/// How much faster than real time a playback runs: a power of two between 1/16 and 16.
struct PlaybackSpeed: Equatable {
  private var exponent = 0
  private static let exponents = -4...4

  /// Simulated seconds in a second.
  var factor: Double { exponent < 0 ? 1 / Double(1 << -exponent) : Double(1 << exponent) }

  var text: String { exponent < 0 ? "1/\(1 << -exponent)x" : "\(1 << exponent)x" }

  /// Doubled, unless it is the highest.
  mutating func raise() { exponent = min(exponent + 1, Self.exponents.upperBound) }

  /// Halved, unless it is the lowest.
  mutating func lower() { exponent = max(exponent - 1, Self.exponents.lowerBound) }
}
