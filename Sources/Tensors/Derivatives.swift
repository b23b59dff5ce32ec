/// Values of functions of one variable with their slopes, for forward and reverse mode alike.
@usableFromInline
enum Derivatives<Base: Tensor> {
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
  static func exp(_ value: Base) -> (value: Base, slope: Base) {
    let result = Base.exp(value)
    return (result, result)
  }

  @inlinable
  static func log(_ value: Base) -> (value: Base, slope: Base) {
    (Base.log(value), Base(1) / value)
  }

  @inlinable
  static func sin(_ value: Base) -> (value: Base, slope: Base) {
    (Base.sin(value), Base.cos(value))
  }

  @inlinable
  static func cos(_ value: Base) -> (value: Base, slope: Base) {
    (Base.cos(value), -Base.sin(value))
  }

  @inlinable
  static func tanh(_ value: Base) -> (value: Base, slope: Base) {
    let result = Base.tanh(value)
    return (result, Base(1) - result * result)
  }
}
