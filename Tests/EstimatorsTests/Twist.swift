import Differentiation
import Estimators
import Parameters
import Randomness
import Tasks
import Unrolls

/// A small nonlinear system whose derivatives are made with a tape: three values in arrays of two and
/// of one, a random start, θ = (gains of two, offset).
struct Twist: DynamicalSystem {
  var horizon = 8
  var name: String { "Twist" }
  var valueCount: Int { 3 }
  var valueLeaves: [ValueLeaf] { [ValueLeaf(offset: 0, count: 2), ValueLeaf(offset: 2, count: 1)] }

  let layout = ParameterLayout([
    ParameterLeaf(name: "gain", shape: [2]), ParameterLeaf(name: "offset", shape: []),
  ])

  func initialParameters(key: PRNGKey) -> [Float] { [0.7, -0.4, 0.3] }

  /// Around (0.5, −0.2, 0.3), or there if `spread` is 0.
  func initialValues(key: PRNGKey) -> [Float] {
    zip([0.5, -0.2, 0.3], key.normal(3)).map { $0 + spread * $1 }
  }
  var spread: Float = 0.4

  func advance<T: DifferentiableNumber>(_ values: inout MutableSpan<T>, coefficients: Span<T>) {
    let (x, y, z) = (values[0], values[1], values[2])
    let (gain, other, offset) = (coefficients[0], coefficients[1], coefficients[2])
    values[0] = T.Scalar(0.7) * x + T.Scalar(0.6) * (gain * y + offset)
    values[1] = T.hyperbolicTangent(other * x + z)
    values[2] = T.Scalar(0.8) * z + offset * (x * y)
  }

  func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T {
    T.square(values[0] - values[1]) + values[2] * T.sine(values[0])
  }
}

extension DynamicalSystem {
  /// One step in `Double` along a direction: values, loss and their derivatives.
  func moved(
    _ values: [Dual<Double>], theta: [Float], direction: [Double]
  ) -> (values: [Dual<Double>], loss: Dual<Double>) {
    let parameters = zip(theta, direction).map { Dual(Double($0), tangent: $1) }
    var coefficients = [Dual<Double>](repeating: Dual(0), count: coefficientCount)
    var coefficientSpan = coefficients.mutableSpan
    prepare(parameters.span, into: &coefficientSpan)
    var values = values
    var span = values.mutableSpan
    advance(&span, coefficients: coefficients.span)
    return (values, loss(values.span))
  }

  /// The basis direction of parameter `index`.
  func basis(_ index: Int) -> [Double] {
    layout.values.map { $0 == index ? 1 : 0 }
  }
}

extension ParameterLayout {
  /// The indices of θ's values.
  var values: Range<Int> { 0..<count }
}
