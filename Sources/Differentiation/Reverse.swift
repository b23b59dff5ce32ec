/// A value that a ``Tape`` knows the origin of: reverse mode.
///
/// Slopes are values of the base, so that passes nest: going backwards over `Reverse<Dual<Double>>`
/// gives products of a Hessian.
public struct Reverse<Base: DifferentiableNumber>: DifferentiableNumber {
  public var value: Base
  /// Where on the tape it is; 0 for a constant.
  @usableFromInline var place: Int32
  /// The tape's memory; nil for a constant.
  @usableFromInline var tape: UnsafeMutablePointer<Tape<Base>.Storage>?

  @inlinable
  init(_ value: Base, _ place: Int32, _ tape: UnsafeMutablePointer<Tape<Base>.Storage>?) {
    self.value = value
    self.place = place
    self.tape = tape
  }

  @inlinable
  public init(_ constant: Base.Scalar) { self.init(Base(constant), 0, nil) }

  /// A constant of any value of the base.
  @inlinable
  public init(constant value: Base) { self.init(value, 0, nil) }

  /// Notes an operation on two values, unless both are constants.
  @inlinable
  @inline(__always)
  static func note(
    _ value: Base, _ left: Self, _ leftSlope: Base, _ right: Self, _ rightSlope: Base
  ) -> Self {
    guard let tape = left.tape ?? right.tape else { return Reverse(value, 0, nil) }
    assert(right.tape == nil || right.tape == tape, "values of two tapes")
    let entry = Tape<Base>.Entry(left.place, leftSlope, right.place, rightSlope)
    return Reverse(value, Tape<Base>.append(entry, to: tape), tape)
  }

  @inlinable
  @inline(__always)
  func chained(_ function: (value: Base, slope: Base)) -> Self {
    guard let tape else { return Reverse(function.value, 0, nil) }
    let entry = Tape<Base>.Entry(place, function.slope, 0, Base(0))
    return Reverse(function.value, Tape<Base>.append(entry, to: tape), tape)
  }

  @inlinable
  public static func + (left: Self, right: Self) -> Self {
    note(left.value + right.value, left, Base(1), right, Base(1))
  }

  @inlinable
  public static func - (left: Self, right: Self) -> Self {
    note(left.value - right.value, left, Base(1), right, Base(-1))
  }

  @inlinable
  public static func * (left: Self, right: Self) -> Self {
    note(left.value * right.value, left, right.value, right, left.value)
  }

  @inlinable
  public static func / (left: Self, right: Self) -> Self {
    let quotient = left.value / right.value
    let slope = Base(1) / right.value
    return note(quotient, left, slope, right, -(quotient * slope))
  }

  @inlinable
  public static func * (factor: Base.Scalar, value: Self) -> Self {
    value.chained((factor * value.value, Base(factor)))
  }

  /// Two notes, of the product and of the sum; only the sum's value is used, rounded once.
  @inlinable
  public func addingProduct(_ left: Self, _ right: Self) -> Self {
    let sum = value.addingProduct(left.value, right.value)
    return Self.note(sum, self, Base(1), left * right, Base(1))
  }

  @inlinable
  public func addingProduct(_ factor: Base.Scalar, _ other: Self) -> Self {
    Self.note(value.addingProduct(factor, other.value), self, Base(1), other, Base(factor))
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
}
