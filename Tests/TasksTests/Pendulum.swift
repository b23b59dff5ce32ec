public import Differentiation
public import Parameters
public import Randomness
public import Settings
public import Tasks
import Unrolls

/// A damped pendulum, whose damping and gravity are to be found from the motion of a true one.
public struct Pendulum: ListedSystem {
  public static let id = "pendulum"
  public static let usualHorizon = 200

  /// Its flags.
  public struct Settings: SettingsGroup {
    /// Seconds of a step.
    public var timestep = 0.02

    public init() {}

    public static let settings: [Setting<Settings>] = [
      Setting(
        "pendulum-dt", \.timestep, help: "Seconds of a step (default: 0.02).", valueName: "s")
    ]
  }

  public let name = "Pendulum"
  public let horizon: Int
  public let timestep: Double
  public let layout = ParameterLayout([
    ParameterLeaf(name: "damping", shape: []), ParameterLeaf(name: "gravity", shape: []),
  ])
  /// Angle and speed, then those of the true pendulum.
  public let valueCount = 4

  public init() { (horizon, timestep) = (Self.usualHorizon, Settings().timestep) }

  public init(_ settings: Settings, horizon: Int) throws(SettingsError) {
    self.horizon = horizon
    timestep = try positiveFloat(settings.timestep, "pendulum-dt")
  }

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
    let step = T.Scalar(timestep)
    let (angle, speed) = (values[first], values[first + 1])
    values[first] = angle + step * speed
    values[first + 1] = speed - step * (damping * speed + gravity * T.sine(angle))
  }

  public func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T {
    T.square(values[0] - values[2])
  }
}
