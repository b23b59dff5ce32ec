/// Colours from dark blue over green to yellow, lighter with each step: equal steps of a value look
/// equally far apart, in print without colours too (viridis, of Smith and van der Walt 2015).
package enum ColorMap {
  private static let anchors = [
    Color(68, 1, 84), Color(72, 40, 120), Color(62, 74, 137), Color(49, 104, 142),
    Color(38, 130, 142), Color(31, 158, 137), Color(53, 183, 121), Color(110, 206, 88),
    Color(181, 222, 43), Color(253, 231, 37),
  ]

  /// The colour at `position`, from 0 to 1; beyond them that of the end.
  package static func color(at position: Double) -> Color {
    let place = min(max(position, 0), 1) * Double(anchors.count - 1)
    let first = min(Int(place), anchors.count - 2)
    let (before, after) = (anchors[first], anchors[first + 1])
    func mix(_ channel: KeyPath<Color, UInt8>) -> UInt8 {
      let rest = place - Double(first)
      let (low, high) = (Double(before[keyPath: channel]), Double(after[keyPath: channel]))
      return UInt8((low + (high - low) * rest).rounded())
    }
    return Color(mix(\.red), mix(\.green), mix(\.blue))
  }
}
