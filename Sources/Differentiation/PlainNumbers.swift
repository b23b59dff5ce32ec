import CKernels
import Foundation

extension Float: DifferentiableNumber {
  public typealias Scalar = Float

  public static func squareRoot(_ value: Float) -> Float { value.squareRoot() }
  public static func power(_ base: Float, _ exponent: Int) -> Float {
    Foundation.pow(base, Float(exponent))
  }

  /// In all bits as the reference's compiler has it, which is not always the nearest number: a
  /// system's coefficients are exponentials of θ, and chaos tells the difference.
  public static func exponential(_ value: Float) -> Float {
    var result = value
    ckernels_exponentials(&result, 1)
    return result
  }

  public static func logarithm(_ value: Float) -> Float { Foundation.log(value) }
  public static func sine(_ value: Float) -> Float { Foundation.sin(value) }
  public static func cosine(_ value: Float) -> Float { Foundation.cos(value) }
  public static func hyperbolicTangent(_ value: Float) -> Float { Foundation.tanh(value) }
}

extension Double: DifferentiableNumber {
  public typealias Scalar = Double

  public static func squareRoot(_ value: Double) -> Double { value.squareRoot() }
  public static func power(_ base: Double, _ exponent: Int) -> Double {
    Foundation.pow(base, Double(exponent))
  }
  public static func exponential(_ value: Double) -> Double { Foundation.exp(value) }
  public static func logarithm(_ value: Double) -> Double { Foundation.log(value) }
  public static func sine(_ value: Double) -> Double { Foundation.sin(value) }
  public static func cosine(_ value: Double) -> Double { Foundation.cos(value) }
  public static func hyperbolicTangent(_ value: Double) -> Double { Foundation.tanh(value) }
}

/// Sixteen particles side by side, a lane each. Arithmetic takes them in a few instructions; a lane
/// has the bits that `Float` would give it.
extension SIMD16: DifferentiableNumber where Scalar == Float {
  @inlinable public init(_ constant: Float) { self.init(repeating: constant) }

  /// A call for all lanes: Swift's own is one for each where the processor that it compiles for has
  /// no fused multiply-add.
  public func addingProduct(_ left: Self, _ right: Self) -> Self {
    var (sum, left, right) = (self, left, right)
    ckernels_add_products_16(&sum, &left, &right)
    return sum
  }

  @inlinable
  public func addingProduct(_ factor: Float, _ value: Self) -> Self {
    addingProduct(Self(factor), value)
  }

  @inlinable public static func squareRoot(_ value: Self) -> Self { value.squareRoot() }
  @inlinable public static func power(_ base: Self, _ exponent: Int) -> Self {
    base.mapped { Float.power($0, exponent) }
  }

  public static func exponential(_ value: Self) -> Self {
    var result = value
    ckernels_exponentials(&result, result.scalarCount)
    return result
  }

  @inlinable public static func logarithm(_ value: Self) -> Self { value.mapped(Float.logarithm) }
  @inlinable public static func sine(_ value: Self) -> Self { value.mapped(Float.sine) }
  @inlinable public static func cosine(_ value: Self) -> Self { value.mapped(Float.cosine) }
  @inlinable public static func hyperbolicTangent(_ value: Self) -> Self {
    value.mapped(Float.hyperbolicTangent)
  }

  @inlinable
  func mapped(_ function: (Float) -> Float) -> Self {
    var result = self
    for lane in indices { result[lane] = function(self[lane]) }
    return result
  }
}
