import Foundation
public import Parameters
public import Randomness
public import Unrolls

/// The Lorenz system with unknown a and r, started at one fixed point: small, chaotic, cheap.
///
/// Explicit Euler in float32; the loss is the squared distance of z to the z of a = 10, r = 28.
public struct LorenzTask: UnrolledTask {
  public let horizon: Int
  public let layout = ParameterLayout([
    ParameterLeaf(name: "log_a", shape: []), ParameterLeaf(name: "log_r", shape: []),
  ])
  private let timestep: Float = 0.005

  public init(horizon: Int) { self.horizon = horizon }

  public struct Point: Codable, Hashable, Sendable {
    public var x: Float = 1.2
    public var y: Float = 1.3
    public var z: Float = 1.6

    mutating func advance(a: Float, r: Float, timestep: Float) {
      let b = Float(8.0 / 3.0)
      (x, y, z) = (
        x + timestep * (a * (y - x)), y + timestep * ((r - z) * x - y),
        z + timestep * (x * y - b * z)
      )
    }
  }

  public struct State: Codable, Hashable, Sendable {
    public var point = Point()
    public var truth = Point()
    public var step = 0
  }

  public func initialParameters(key: PRNGKey) -> [Float] { [3.116, 3.7] }

  public func makeScratch() {}

  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Void
  ) -> State {
    let (_, iteration) = key.split()
    return State(step: start.step(key: iteration, horizon: horizon))
  }

  public func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Void
  ) -> StepOutcome {
    state.point.advance(a: exp(theta[0]), r: exp(theta[1]), timestep: timestep)
    state.truth.advance(a: 10, r: 28, timestep: timestep)
    state.step += 1
    let error = state.point.z - state.truth.z
    let isDone = state.step == horizon
    if isDone { state = State() }
    return StepOutcome(loss: error * error, isDone: isDone)
  }

  public func stepIndex(of state: State) -> Int { state.step }
}
