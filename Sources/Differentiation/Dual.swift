/// A value and its derivative along one direction: forward mode.
///
/// `Dual<Dual<Double>>` has second derivatives, `Dual<Reverse<Double>>` products of a Hessian.
public struct Dual<Base: DifferentiableNumber>: DifferentiableNumber {
  public var value: Base
  /// The derivative of `value` along the direction.
  public var tangent: Base

  @inlinable
  public init(_ value: Base, tangent: Base) {
    self.value = value
    self.tangent = tangent
  }

  @inlinable
  public init(_ constant: Base.Scalar) { self.init(Base(constant), tangent: Base(0)) }

  @inlinable
  public static func + (left: Self, right: Self) -> Self {
    Dual(left.value + right.value, tangent: left.tangent + right.tangent)
  }

  @inlinable
  public static func - (left: Self, right: Self) -> Self {
    Dual(left.value - right.value, tangent: left.tangent - right.tangent)
  }

  @inlinable
  public static func * (left: Self, right: Self) -> Self {
    Dual(
      left.value * right.value, tangent: left.tangent * right.value + left.value * right.tangent)
  }

  @inlinable
  public static func / (left: Self, right: Self) -> Self {
    let quotient = left.value / right.value
    return Dual(quotient, tangent: (left.tangent - quotient * right.tangent) / right.value)
  }

  @inlinable
  public static func * (factor: Base.Scalar, value: Self) -> Self {
    Dual(factor * value.value, tangent: factor * value.tangent)
  }

  @inlinable
  public func addingProduct(_ left: Self, _ right: Self) -> Self {
    Dual(
      value.addingProduct(left.value, right.value),
      tangent: tangent + left.tangent * right.value + left.value * right.tangent)
  }

  @inlinable
  public func addingProduct(_ factor: Base.Scalar, _ other: Self) -> Self {
    Dual(value.addingProduct(factor, other.value), tangent: tangent + factor * other.tangent)
  }

  @inlinable
  public static func squareRoot(_ value: Self) -> Self {
    value.chained(Derivatives.squareRoot(value.value))
  }
  @inlinable
  public static func power(_ base: Self, _ exponent: Int) -> Self {
    base.chained(Derivatives.power(base.value, exponent))
  }
  @inlinable
  public static func exponential(_ value: Self) -> Self {
    value.chained(Derivatives.exponential(value.value))
  }
  @inlinable
  public static func logarithm(_ value: Self) -> Self {
    value.chained(Derivatives.logarithm(value.value))
  }
  @inlinable
  public static func sine(_ value: Self) -> Self { value.chained(Derivatives.sine(value.value)) }
  @inlinable
  public static func cosine(_ value: Self) -> Self {
    value.chained(Derivatives.cosine(value.value))
  }
  @inlinable
  public static func hyperbolicTangent(_ value: Self) -> Self {
    value.chained(Derivatives.hyperbolicTangent(value.value))
  }

  @inlinable
  func chained(_ function: (value: Base, slope: Base)) -> Self {
    Dual(function.value, tangent: function.slope * tangent)
  }
}

extension Dual: BitwiseCopyable where Base: BitwiseCopyable {}
