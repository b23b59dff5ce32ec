/// A number that the dynamics are written for: a plain `Double`, or a ``RecordedNumber`` that
/// writes down what is done with it.
///
/// Every operation rounds once, to the nearest double; a product is never fused with a sum. So the
/// dynamics have one result to the last bit, whatever computes them.
package protocol DynamicsNumber {
  /// A constant.
  init(_ value: Double)

  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
  static prefix func - (number: Self) -> Self
  func squareRoot() -> Self
  /// |x|
  var magnitude: Self { get }
  /// sin x and cos x as the C library gives them.
  func sineAndCosine() -> (sine: Self, cosine: Self)
  /// xᵖ as the C library's `pow` gives it, which is not x·x for p = 2.
  func power(_ exponent: Double) -> Self
  /// `first` where left < right, `second` elsewhere.
  static func select(_ left: Self, lessThan right: Self, _ first: Self, _ second: Self) -> Self
}
