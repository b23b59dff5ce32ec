public import Differentiation
public import Parameters
public import Randomness
import Unrolls

/// The Lorenz system with two unknown parameters, to be found from a trajectory of the true ones.
///
/// ẋ = a(y − x), ẏ = x(r − z) − y, ż = xy − bz, by Euler's method; θ = (log a, log r), b = 8/3.
/// L = (z − z_true)², where the true system (a = 10, r = 28) starts at the same place.
///
/// Products are added, and 10 · timestep is one number, as in the reference's compiled code: the
/// trajectory is chaotic, and thousands of steps agree with the reference's in all bits.
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

  /// The paper's T.
  public static let paperHorizon = 2000
  /// The paper's timestep.
  public static let paperTimestep = 0.005
  /// The paper's θ at iteration 0.
  public static let paperTheta = (logA: 3.116, logR: 3.7)

  /// - Parameters:
  ///   - horizon: T, the steps of an episode.
  ///   - timestep: Seconds of a step.
  ///   - logA: log a of θ at iteration 0.
  ///   - logR: log r of θ at iteration 0.
  ///   - start: How episodes start.
  public init(
    horizon: Int = Self.paperHorizon, timestep: Double = Self.paperTimestep,
    logA: Double = Self.paperTheta.logA, logR: Double = Self.paperTheta.logR,
    start: Start = .fixed
  ) {
    // By way of a and r in float32: the reference is given those and takes their logarithms.
    let initialTheta = [logA, logR].map { Float.logarithm(Float(Double.exponential($0))) }
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
    let place = place(key: key)
    return place + place
  }

  private func place(key: PRNGKey) -> [Float] {
    let center: [Float] = [1.2, 1.3, 1.6]
    switch start {
    case .fixed: return center
    case .finiteGaussian:
      let row = 3 * Int(key.randomInteger(in: 0..<100))
      return zip(center, Self.perturbations[row..<row + 3]).map { $0 + $1 }
    case .gaussian: return key.normal(around: center)
    }
  }

  /// Of the finite Gaussian: 100 rows.
  private static let perturbations = PRNGKey(seed: 0).normal(300)

  public func prepare<T: DifferentiableNumber>(
    _ theta: Span<T>, into coefficients: inout MutableSpan<T>
  ) {
    coefficients[0] = T.exponential(theta[0])
    coefficients[1] = T.exponential(theta[1])
  }

  public func advance<T: DifferentiableNumber>(
    _ values: inout MutableSpan<T>, coefficients: Span<T>
  ) {
    let (a, r) = (coefficients[0], coefficients[1])
    let step = T.Scalar(timestep)
    let (x, y, z) = (values[0], values[1], values[2])
    values[0] = x.addingProduct(step, a * (y - x))
    values[1] = y.addingProduct(step, slopeOfY(x, y, z, r: r))
    values[2] = z.addingProduct(step, slopeOfZ(x, y, z))

    let (trueX, trueY, trueZ) = (values[3], values[4], values[5])
    values[3] = trueX.addingProduct(10 * step, trueY - trueX)
    values[4] = trueY.addingProduct(step, slopeOfY(trueX, trueY, trueZ, r: T(28)))
    values[5] = trueZ.addingProduct(step, slopeOfZ(trueX, trueY, trueZ))
  }

  @inline(__always)
  private func slopeOfY<T: DifferentiableNumber>(_ x: T, _ y: T, _ z: T, r: T) -> T {
    (-y).addingProduct(r - z, x)
  }

  @inline(__always)
  private func slopeOfZ<T: DifferentiableNumber>(_ x: T, _ y: T, _ z: T) -> T {
    (T.Scalar(-8.0 / 3.0) * z).addingProduct(x, y)
  }

  public func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T {
    T.square(values[2] - values[5])
  }

  /// By hand, for speed. θ never reaches the true system, whose adjoints are left out.
  public func pullBack<T: DifferentiableNumber>(
    from before: Span<T>, to after: Span<T>, coefficients: Span<T>, lossAdjoint: T,
    adjoints: inout MutableSpan<T>, coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>
  ) {
    let (x, y, z) = (before[0], before[1], before[2])
    let (a, r) = (coefficients[0], coefficients[1])
    let step = T.Scalar(timestep)
    let lastX = adjoints[0]
    let lastY = adjoints[1]
    let lastZ = adjoints[2] + lossAdjoint * (T.Scalar(2) * (after[2] - after[5]))
    let dx = step * lastX
    let dy = step * lastY
    let dz = step * lastZ
    coefficientAdjoints[0] += dx * (y - x)
    coefficientAdjoints[1] += dy * x
    adjoints[0] = lastX - dx * a + dy * (r - z) + dz * y
    adjoints[1] = lastY + dx * a - dy + dz * x
    adjoints[2] = lastZ - dy * x - T.Scalar(8.0 / 3.0) * dz
  }
}
