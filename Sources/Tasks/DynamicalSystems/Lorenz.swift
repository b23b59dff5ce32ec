public import Parameters
public import Randomness
public import Tensors
import Unrolls

/// The Lorenz system with two unknown parameters, to be found from a trajectory of the true ones.
///
/// ẋ = a(y − x), ẏ = x(r − z) − y, ż = xy − bz, by Euler's method; θ = (log a, log r), b = 8/3.
/// L = (z − z_true)², where the true system (a = 10, r = 28) starts at the same place.
public struct Lorenz: DynamicalSystem {
  /// How episodes start. The true system starts at the same place.
  public enum Start: String, Sendable, Codable, CaseIterable {
    /// At (1.2, 1.3, 1.6).
    case fixed
    /// At one of 100 places that were drawn around it, once, from PRNGKey(0).
    case finiteGaussian
    /// At a new place around it, each coordinate normal with deviation 1: the distribution to
    /// test on.
    case gaussian
  }

  public let horizon: Int
  /// Seconds of a step.
  public let timestep: Double
  public let start: Start
  private let initialTheta: [Float]

  /// - Parameters:
  ///   - horizon: T, the steps of an episode.
  ///   - timestep: Seconds of a step.
  ///   - logA: log a of θ at iteration 0.
  ///   - logR: log r of θ at iteration 0.
  ///   - start: How episodes start.
  public init(
    horizon: Int = 2000, timestep: Double = 0.005, logA: Double = 3.116, logR: Double = 3.7,
    start: Start = .fixed
  ) {
    // By way of a and r in float32: the reference is given those and takes their logarithms.
    let initialTheta = [logA, logR].map { Float.log(Float(Double.exp($0))) }
    self.init(horizon: horizon, timestep: timestep, initialTheta: initialTheta, start: start)
  }

  private init(horizon: Int, timestep: Double, initialTheta: [Float], start: Start) {
    self.horizon = horizon
    self.timestep = timestep
    self.start = start
    self.initialTheta = initialTheta
  }

  /// The same system with other starts: for a test, `lorenz.with(start: .gaussian)`.
  public func with(start: Start) -> Lorenz {
    Lorenz(horizon: horizon, timestep: timestep, initialTheta: initialTheta, start: start)
  }

  public var name: String { "Lorenz" }
  public var valueCount: Int { 6 }

  public let layout = ParameterLayout([
    ParameterLeaf(name: "log_a", shape: []), ParameterLeaf(name: "log_r", shape: []),
  ])

  public func initialParameters(key: PRNGKey) -> [Float] { initialTheta }

  public func initialValues(key: PRNGKey) -> [Float] {
    let place = zip([1.2, 1.3, 1.6], perturbation(key: key)).map { $0 + $1 }
    return place + place
  }

  private func perturbation(key: PRNGKey) -> ArraySlice<Float> {
    switch start {
    case .fixed: return [0, 0, 0]
    case .finiteGaussian:
      let row = 3 * Int(key.randomInteger(in: 0..<100))
      return Self.perturbations[row..<row + 3]
    case .gaussian: return key.normal(3)[...]
    }
  }

  /// Of the finite Gaussian: 100 rows.
  private static let perturbations = PRNGKey(seed: 0).normal(300)

  public func prepare<T: Tensor>(_ theta: Span<T>, into coefficients: inout MutableSpan<T>) {
    coefficients[0] = T.exp(theta[0])
    coefficients[1] = T.exp(theta[1])
  }

  public func advance<T: Tensor>(_ values: inout MutableSpan<T>, coefficients: Span<T>) {
    advance(&values, at: 0, a: coefficients[0], r: coefficients[1])
    advance(&values, at: 3, a: T(10), r: T(28))
  }

  public func loss<T: Tensor>(_ values: Span<T>) -> T { T.square(values[2] - values[5]) }

  /// Advances the three values from `first` on, all from the old ones.
  @inline(__always)
  private func advance<T: Tensor>(_ values: inout MutableSpan<T>, at first: Int, a: T, r: T) {
    let (x, y, z) = (values[first], values[first + 1], values[first + 2])
    let timestep = T.Scalar(self.timestep)
    let b = T.Scalar(8.0 / 3.0)
    values[first] = x + timestep * (a * (y - x))
    values[first + 1] = y + timestep * ((r - z) * x - y)
    values[first + 2] = z + timestep * (x * y - b * z)
  }

  /// By hand, for speed. θ never reaches the true system, whose adjoints are left out.
  public func pullBack<T: Tensor>(
    _ values: Span<T>, coefficients: Span<T>, lossAdjoint: T, adjoints: inout MutableSpan<T>,
    coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>
  ) {
    let (x, y, z) = (values[0], values[1], values[2])
    let (a, r) = (coefficients[0], coefficients[1])
    let timestep = T.Scalar(self.timestep)
    let b = T.Scalar(8.0 / 3.0)
    let nextZ = z + timestep * (x * y - b * z)
    let trueZ = values[5] + timestep * (values[3] * values[4] - b * values[5])
    let lastX = adjoints[0]
    let lastY = adjoints[1]
    let lastZ = adjoints[2] + lossAdjoint * (T.Scalar(2) * (nextZ - trueZ))
    let dx = timestep * lastX
    let dy = timestep * lastY
    let dz = timestep * lastZ
    coefficientAdjoints[0] += dx * (y - x)
    coefficientAdjoints[1] += dy * x
    adjoints[0] = lastX - dx * a + dy * (r - z) + dz * y
    adjoints[1] = lastY + dx * a - dy + dz * x
    adjoints[2] = lastZ - dy * x - b * dz
  }
}
