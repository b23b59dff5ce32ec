/// Values of functions of one variable with their slopes, for forward and reverse mode alike.
@usableFromInline
enum Derivatives<Base: DifferentiableNumber> {
  @inlinable
  static func squareRoot(_ value: Base) -> (value: Base, slope: Base) {
    let result = Base.squareRoot(value)
    return (result, Base(0.5) / result)
  }

  @inlinable
  static func power(_ base: Base, _ exponent: Int) -> (value: Base, slope: Base) {
    let slope = exponent == 0 ? Base(0) : Base.Scalar(exponent) * Base.power(base, exponent - 1)
    return (Base.power(base, exponent), slope)
  }

  @inlinable
  static func exponential(_ value: Base) -> (value: Base, slope: Base) {
    let result = Base.exponential(value)
    return (result, result)
  }

  @inlinable
  static func logarithm(_ value: Base) -> (value: Base, slope: Base) {
    (Base.logarithm(value), Base(1) / value)
  }

  @inlinable
  static func sine(_ value: Base) -> (value: Base, slope: Base) {
    (Base.sine(value), Base.cosine(value))
  }

  @inlinable
  static func cosine(_ value: Base) -> (value: Base, slope: Base) {
    (Base.cosine(value), -Base.sine(value))
  }

  @inlinable
  static func hyperbolicTangent(_ value: Base) -> (value: Base, slope: Base) {
    let result = Base.hyperbolicTangent(value)
    return (result, Base(1) - result * result)
  }
}
