/// A rectangle of a page, in points from the top left.
struct Area: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }

  /// Where `value` lies between left and right.
  func x(of value: Double, on scale: Scale) -> Double { x + width * scale.position(of: value) }

  /// Where `value` lies between bottom and top.
  func y(of value: Double, on scale: Scale) -> Double {
    bottom - height * scale.position(of: value)
  }
}

/// A place on a page, in points from the top left.
struct Point: Hashable, Sendable {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}
