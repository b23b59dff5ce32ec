/// Numbers that a task computes with: plain ones, ones that carry a derivative forward (``Dual``),
/// ones that remember how they came about (``Reverse``), and any nesting of these.
///
/// A transition that is written for any of them runs on all: eagerly, for many particles side by
/// side (`SIMD16<Float>`), with a tangent, on a tape. All operations work element by element.
///
/// No function has a name that swift-numerics gives `Float` and `Double` too.
public protocol DifferentiableNumber {
  /// The type of a constant factor and of a literal: `Float` or `Double`, however deep the nesting.
  associatedtype Scalar: BinaryFloatingPoint & Sendable

  /// A constant.
  init(_ constant: Scalar)

  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self

  /// A constant multiple: cheaper than a product, and linear.
  static func * (factor: Scalar, value: Self) -> Self

  /// `self + left * right`, rounded once where numbers are rounded.
  func addingProduct(_ left: Self, _ right: Self) -> Self

  /// `self + factor * value`, rounded once where numbers are rounded.
  func addingProduct(_ factor: Scalar, _ value: Self) -> Self

  static func squareRoot(_ value: Self) -> Self
  /// A whole power, of a negative base too.
  static func power(_ base: Self, _ exponent: Int) -> Self
  static func exponential(_ value: Self) -> Self
  static func logarithm(_ value: Self) -> Self
  static func sine(_ value: Self) -> Self
  static func cosine(_ value: Self) -> Self
  static func hyperbolicTangent(_ value: Self) -> Self
}

extension DifferentiableNumber {
  @inlinable
  public static prefix func - (value: Self) -> Self { Scalar(-1) * value }

  /// Adds to a variable in place.
  @inlinable
  public static func += (left: inout Self, right: Self) { left = left + right }

  /// The square.
  @inlinable
  public static func square(_ value: Self) -> Self { value * value }
}
