public import Differentiation
import Foundation
public import Parameters
public import Randomness

/// Gradient descent with momentum, t ← g + β t and p ← p − rate · t, whose rate and β are learned: θ =
/// (log rate, log(1 − β)).
public struct LearnableSGDM: ElementwiseOptimizer {
  public static let id = "LearnableSGDM"
  public static let summary = "gradient descent with a learned rate and momentum"

  public let layout = ParameterLayout([
    ParameterLeaf(name: "log_lr", shape: []), ParameterLeaf(name: "one_minus_momentum", shape: []),
  ])
  public let slotCount = 1
  public let coefficientCount = 2

  public init() {}

  /// A rate of 0.01 and β = 0.9.
  public func initialParameters(key: PRNGKey) -> [Float] {
    [log(Float(0.01)), log(Float(1 - 0.9))]
  }

  public func prepare<T: DifferentiableNumber>(
    _ theta: Span<T>, updates: Int, into coefficients: inout MutableSpan<T>
  ) {
    coefficients[0] = T.exponential(theta[0])
    coefficients[1] = T(1) - T.exponential(theta[1])
  }

  public func advance<T: DifferentiableNumber>(
    _ numbers: inout MutableSpan<T>, gradient: T, coefficients: Span<T>
  ) {
    numbers[1] = gradient + coefficients[1] * numbers[1]
    numbers[0] = numbers[0] - coefficients[0] * numbers[1]
  }
}
