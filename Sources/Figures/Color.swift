/// A colour of a figure: red, green and blue from 0 to 255, as screens have them.
package struct Color: Hashable, Sendable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  package static let black = Color(0, 0, 0)
  /// Of rules behind curves.
  package static let faintGrey = Color(228, 228, 228)
  /// Where a curve has no number.
  package static let lightGrey = Color(214, 214, 214)
  /// Where a map has no number.
  package static let grey = Color(160, 160, 160)
}
