import Differentiation
import Parameters
import Randomness
import Tasks
import Unrolls

/// A small random system: three values that drive each other by quadratic terms, kept small by tanh.
struct QuadraticSystem: DynamicalSystem {
  let name = "Quadratic"
  let horizon: Int
  let valueCount = 3
  let coefficientCount = 5
  let layout = ParameterLayout([
    ParameterLeaf(name: "a", shape: [2]), ParameterLeaf(name: "b", shape: []),
  ])
  /// Three rows of ten: weights of the values, of their products and of a coefficient.
  private let weights: [Float]

  init(seed: UInt64, horizon: Int = 30) {
    self.horizon = horizon
    weights = PRNGKey(seed: seed).uniform(30, in: (-1, 1))
  }

  func initialParameters(key: PRNGKey) -> [Float] { [0.3, -0.2, 0.5] }
  func initialValues(key: PRNGKey) -> [Float] { key.normal(3) }

  /// More numbers than θ has, of which one depends on two of its values.
  func prepare<T: DifferentiableNumber>(_ theta: Span<T>, into coefficients: inout MutableSpan<T>) {
    for index in 0..<3 { coefficients[index] = T.sine(theta[index]) }
    coefficients[3] = theta[0] * theta[2]
    coefficients[4] = T.exponential(theta[1])
  }

  func advance<T: DifferentiableNumber>(_ values: inout MutableSpan<T>, coefficients: Span<T>) {
    let old = (0..<3).map { values[$0] }
    for row in 0..<3 {
      var sum = coefficients[row]
      for index in 0..<3 {
        sum = sum.addingProduct(T.Scalar(weights[10 * row + index]), old[index])
        let product = old[index] * old[(index + 1) % 3]
        sum += T.Scalar(weights[10 * row + 3 + index]) * product
      }
      sum += T.Scalar(weights[10 * row + 6]) * (coefficients[3] * old[row])
      values[row] = T.hyperbolicTangent(0.5 * sum) + 0.1 * coefficients[4]
    }
  }

  func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T {
    T.square(values[0] - T(0.4)) + 0.5 * (values[1] * values[2])
  }
}
