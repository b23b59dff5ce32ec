public import Envs
public import Parameters
public import Randomness
public import Unrolls
public import Workers

/// Reinforcement learning as an unrolled graph: a policy acts in an environment, L_t = −reward.
public struct ControlTask: UnrolledTask {
  public let simulator: Simulator
  public let policy: Policy
  /// θ₀, where it is given rather than drawn.
  public let givenParameters: [Float]?
  public let initialization: Policy.Initialization
  public let initializationScale: Double
  /// Asked before each step.
  public var cancellation = Cancellation.never

  /// A task whose horizon is the simulator's time limit.
  ///
  /// - Parameters:
  ///   - initializationScale: Variance scale of θ₀ for `.normal`.
  ///   - givenParameters: θ₀ of the policy's layout, in place of a draw.
  ///   - normalizesObservations: Whether the policy normalizes observations. Then unrolls say what they
  ///     met (``UnrollOutcome/moments``), which ``Policy/use(_:in:)`` puts into θ between windows.
  public init(
    simulator: Simulator, architecture: Policy.Architecture = .linear,
    initialization: Policy.Initialization = .zero, initializationScale: Double = 0.03,
    givenParameters: [Float]? = nil, normalizesObservations: Bool = false
  ) {
    self.simulator = simulator
    policy = Policy(
      architecture, observationCount: simulator.spec.observationCount,
      actionCount: simulator.spec.actionCount, normalizesObservations: normalizesObservations)
    self.initialization = initialization
    self.initializationScale = initializationScale
    self.givenParameters = givenParameters
  }

  public var name: String { simulator.spec.id }
  public var layout: ParameterLayout { policy.layout }
  public var horizon: Int { simulator.spec.timeLimit }

  public func initialParameters(key: PRNGKey) -> [Float] {
    givenParameters
      ?? policy.initialParameters(initialization, scale: initializationScale, key: key)
  }

  /// One thread's simulator memory and policy buffers.
  public struct Scratch {
    let simulation: Envs.Scratch

    /// The action taken last.
    public var action: [Float] { policy.action }

    var policy: Policy.Scratch
    /// Of the observations that an unroll meets; nil where they are not asked for.
    var moments: Moments?
    /// By their number of lanes, made when they are needed.
    private var lanes: [Int: Lanes] = [:]

    init(simulation: Envs.Scratch, policy: Policy.Scratch) {
      (self.simulation, self.policy) = (simulation, policy)
    }

    /// Calls `body` with memory for `count` states side by side, and with the moments.
    mutating func withLanes<Value>(
      for count: Int, of task: ControlTask, _ body: (inout Lanes, inout Moments?) throws -> Value
    ) throws -> Value {
      let laneCount = LaneScratch.laneCount(for: count)
      guard var memory = try lanes.removeValue(forKey: laneCount) ?? task.makeLanes(for: count)
      else { preconditionFailure("asked of a simulator with lanes") }
      defer { lanes[laneCount] = memory }
      return try body(&memory, &moments)
    }
  }

  public func makeScratch() throws -> Scratch {
    Scratch(simulation: try simulator.makeScratch(), policy: policy.makeScratch())
  }

  /// (reset, start step, actions) = split(key, 3); the environment's NumPy seed is drawn from the
  /// first, and the steps up to the start step are really simulated, with θ. An episode that ends
  /// before begins absorbed.
  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Scratch
  ) throws -> EnvironmentState {
    var (state, steps) = try reset(key: key, at: start, in: scratch)
    for _ in 0..<steps { _ = try act(&state, theta: theta, in: &scratch) }
    return state
  }

  /// An episode at its first step, and how many steps to take to where a trajectory begins.
  func reset(
    key: PRNGKey, at start: EpisodeStart, in scratch: Scratch
  ) throws -> (state: EnvironmentState, steps: Int) {
    let (reset, iteration, _) = key.split3()
    let seed = UInt32(reset.randomInteger(in: 0..<1_000_000))
    return (
      try simulator.reset(seed: seed, in: scratch.simulation),
      start.step(key: iteration, horizon: horizon)
    )
  }

  public func advance(
    _ state: inout EnvironmentState, theta: [Float], key: StepKey, in scratch: inout Scratch
  ) throws -> StepOutcome {
    let result = try act(&state, theta: theta, in: &scratch)
    return StepOutcome(
      loss: Float(-result.reward), isDone: result.isTruncated, isSimulated: result.isSimulated,
      hasDiverged: result.hasDiverged)
  }

  public func stepIndex(of state: EnvironmentState) -> Int { state.step }

  /// Lets the policy act for one step. An episode that has ended asks it no more.
  public func act(
    _ state: inout EnvironmentState, theta: [Float], in scratch: inout Scratch
  ) throws -> StepResult {
    try cancellation.check()
    if !state.hasEnded {
      simulator.observe(state, into: &scratch.policy.observation)
      scratch.moments?.add(scratch.policy.observation)
      policy.act(theta: theta, in: &scratch.policy)
    }
    return try simulator.step(&state, action: scratch.policy.action, in: scratch.simulation)
  }
}
