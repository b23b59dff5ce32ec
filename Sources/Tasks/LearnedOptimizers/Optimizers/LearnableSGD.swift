public import Differentiation
import Foundation
public import Parameters
public import Randomness

/// Gradient descent whose rate is learned: θ = log rate.
public struct LearnableSGD: ElementwiseOptimizer {
  public static let id = "LearnableSGD"
  public static let summary = "gradient descent with a learned rate"

  public let layout = ParameterLayout([ParameterLeaf(name: "log_lr", shape: [])])
  public let slotCount = 0
  public let coefficientCount = 1

  public init() {}

  /// A rate of 0.01.
  public func initialParameters(key: PRNGKey) -> [Float] { [Float(log(Float(0.01)))] }

  public func prepare<T: DifferentiableNumber>(
    _ theta: Span<T>, updates: Int, into coefficients: inout MutableSpan<T>
  ) {
    coefficients[0] = T.exponential(theta[0])
  }

  public func advance<T: DifferentiableNumber>(
    _ numbers: inout MutableSpan<T>, gradient: T, coefficients: Span<T>
  ) {
    numbers[0] = numbers[0] - coefficients[0] * gradient
  }
}
