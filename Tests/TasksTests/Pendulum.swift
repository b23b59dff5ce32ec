public import Differentiation
public import Parameters
public import Randomness
public import Tasks
import Unrolls

/// A damped pendulum, whose damping and gravity are to be found from the motion of a true one.
public struct Pendulum: DynamicalSystem {
  public let name = "Pendulum"
  public let horizon = 200
  public let layout = ParameterLayout([
    ParameterLeaf(name: "damping", shape: []), ParameterLeaf(name: "gravity", shape: []),
  ])
  /// Angle and speed, then those of the true pendulum.
  public let valueCount = 4

  public init() {}

  public func initialParameters(key: PRNGKey) -> [Float] { [0.1, 6] }

  /// At rest, at an angle between 0.5 and 1.5.
  public func initialValues(key: PRNGKey) -> [Float] {
    let angle = key.uniform(1, in: (0.5, 1.5))[0]
    return [angle, 0, angle, 0]
  }

  public func advance<T: DifferentiableNumber>(
    _ values: inout MutableSpan<T>, coefficients theta: Span<T>
  ) {
    advance(&values, at: 0, damping: theta[0], gravity: theta[1])
    advance(&values, at: 2, damping: T(0.5), gravity: T(9.81))
  }

  private func advance<T: DifferentiableNumber>(
    _ values: inout MutableSpan<T>, at first: Int, damping: T, gravity: T
  ) {
    let (angle, speed) = (values[first], values[first + 1])
    values[first] = angle + 0.02 * speed
    values[first + 1] = speed - 0.02 * (damping * speed + gravity * T.sine(angle))
  }

  public func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T {
    T.square(values[0] - values[2])
  }
}
