public import Differentiation
import Foundation
public import Parameters
public import Randomness

/// Adam whose rate, β₁, β₂ and ε are learned: θ = (log ε, log rate, log(1 − β₁), log(1 − β₂)).
public struct LearnableAdam: ElementwiseOptimizer {
  public static let id = "LearnableAdam"
  public static let summary = "Adam with learned rate, momenta and epsilon"

  public let layout = ParameterLayout(
    ["log_epsilon", "log_lr", "one_minus_beta1", "one_minus_beta2"].map {
      ParameterLeaf(name: $0, shape: [])
    })
  public let slotCount = 2
  public let coefficientCount = 6

  public init() {}

  /// A rate of 0.001, β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
  public func initialParameters(key: PRNGKey) -> [Float] {
    [log(Float(1e-8)), log(Float(0.001)), log(Float(1 - 0.9)), log(Float(1 - 0.999))]
  }

  /// β₁, β₂, the rate, ε, and what the averages are divided by to make up for their start at 0.
  public func prepare<T: DifferentiableNumber>(
    _ theta: Span<T>, updates: Int, into coefficients: inout MutableSpan<T>
  ) {
    let decays = (T(1) - T.exponential(theta[2]), T(1) - T.exponential(theta[3]))
    coefficients[0] = decays.0
    coefficients[1] = decays.1
    coefficients[2] = T.exponential(theta[1])
    coefficients[3] = T.exponential(theta[0])
    coefficients[4] = T(1) - T.power(decays.0, updates + 1)
    coefficients[5] = T(1) - T.power(decays.1, updates + 1)
  }

  public func advance<T: DifferentiableNumber>(
    _ numbers: inout MutableSpan<T>, gradient: T, coefficients: Span<T>
  ) {
    let (decay1, decay2) = (coefficients[0], coefficients[1])
    numbers[1] = (T(1) - decay1) * gradient + decay1 * numbers[1]
    numbers[2] = (T(1) - decay2) * T.square(gradient) + decay2 * numbers[2]
    let mean = numbers[1] / coefficients[4]
    // The reference adds 10⁻⁸ under the root as well.
    let spread = T.squareRoot(numbers[2] / coefficients[5] + T(1e-8)) + coefficients[3]
    numbers[0] = numbers[0] - coefficients[2] * (mean / spread)
  }
}
