public import Parameters
public import Randomness
public import Unrolls

/// A task whose trajectories remember every step they made since they were started.
public struct TracedTask<Base: UnrolledTask>: UnrolledTask {
  public let base: Base
  private let observe: @Sendable (Step) -> Void

  /// - Parameter observe: Told of each step of each trajectory when it was made.
  public init(_ base: Base, observe: @escaping @Sendable (Step) -> Void = { _ in }) {
    self.base = base
    self.observe = observe
  }

  public struct State: Codable, Sendable {
    public var base: Base.State
    public var steps: [Step] = []
  }

  /// One step as the task saw it.
  public struct Step: Codable, Hashable, Sendable {
    public var loss: Float
    public var theta: [Float]
    public var key: PRNGKey
    public var isDone: Bool
    public var isSimulated: Bool
  }

  public var layout: ParameterLayout { base.layout }
  public var horizon: Int { base.horizon }

  public func initialParameters(key: PRNGKey) throws -> [Float] {
    try base.initialParameters(key: key)
  }

  public func makeScratch() throws -> Base.Scratch { try base.makeScratch() }

  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Base.Scratch
  ) throws -> State {
    State(base: try base.start(theta: theta, key: key, at: start, in: &scratch))
  }

  public func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Base.Scratch
  ) throws -> StepOutcome {
    let outcome = try base.advance(&state.base, theta: theta, key: key, in: &scratch)
    let step = Step(
      loss: outcome.loss, theta: theta, key: key.derive(), isDone: outcome.isDone,
      isSimulated: outcome.isSimulated)
    state.steps.append(step)
    observe(step)
    return outcome
  }

  public func stepIndex(of state: State) -> Int { base.stepIndex(of: state.base) }
}
