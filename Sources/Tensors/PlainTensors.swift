import Foundation

extension Float: Tensor {
  public typealias Scalar = Float

  public static func exp(_ value: Float) -> Float { Foundation.exp(value) }
  public static func log(_ value: Float) -> Float { Foundation.log(value) }
  public static func sin(_ value: Float) -> Float { Foundation.sin(value) }
  public static func cos(_ value: Float) -> Float { Foundation.cos(value) }
  public static func tanh(_ value: Float) -> Float { Foundation.tanh(value) }
}

extension Double: Tensor {
  public typealias Scalar = Double

  public static func exp(_ value: Double) -> Double { Foundation.exp(value) }
  public static func log(_ value: Double) -> Double { Foundation.log(value) }
  public static func sin(_ value: Double) -> Double { Foundation.sin(value) }
  public static func cos(_ value: Double) -> Double { Foundation.cos(value) }
  public static func tanh(_ value: Double) -> Double { Foundation.tanh(value) }
}

/// Sixteen particles side by side, a lane each. Arithmetic takes them in a few instructions; a lane
/// has the bits that `Float` would give it.
extension SIMD16: Tensor where Scalar == Float {
  @inlinable public init(_ constant: Float) { self.init(repeating: constant) }

  @inlinable public static func exp(_ value: Self) -> Self { value.mapped(Float.exp) }
  @inlinable public static func log(_ value: Self) -> Self { value.mapped(Float.log) }
  @inlinable public static func sin(_ value: Self) -> Self { value.mapped(Float.sin) }
  @inlinable public static func cos(_ value: Self) -> Self { value.mapped(Float.cos) }
  @inlinable public static func tanh(_ value: Self) -> Self { value.mapped(Float.tanh) }

  @inlinable
  func mapped(_ function: (Float) -> Float) -> Self {
    var result = self
    for lane in indices { result[lane] = function(self[lane]) }
    return result
  }
}
