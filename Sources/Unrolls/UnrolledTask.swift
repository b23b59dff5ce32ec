public import Parameters
public import Randomness

/// A problem: one step of an unrolled computation graph, s_t = f(s_{t-1}; θ) with loss L_t.
///
/// A task describes; it holds no trajectory. Its `State` is a plain value: copying is assignment,
/// and writing it out and reading it back continues the trajectory bit for bit.
public protocol UnrolledTask<State>: Sendable {
  /// Everything a trajectory carries from one step to the next.
  associatedtype State: Codable & Sendable
  /// What one thread needs to step: simulator memory, buffers. Its content never outlives a step.
  associatedtype Scratch

  /// What messages call the task; by default its type's name.
  var name: String { get }
  /// θ's named tensors.
  var layout: ParameterLayout { get }
  /// T: the number of steps of an episode, which ends there and only there. What ends earlier stands
  /// still until then: see ``StepOutcome/isSimulated``.
  var horizon: Int { get }

  /// Whether every leaf of θ has a leading axis of one row a step, of which a step uses its own.
  var hasParametersPerStep: Bool { get }

  /// θ at iteration 0.
  func initialParameters(key: PRNGKey) throws -> [Float]

  /// Memory for one thread.
  func makeScratch() throws -> Scratch

  /// A fresh episode.
  ///
  /// - Parameters:
  ///   - theta: θ, of which the first state may depend.
  ///   - key: The particle's key.
  ///   - start: Where in the episode the trajectory begins.
  func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Scratch
  ) throws -> State

  /// Fresh episodes of several particles, each as ``start(theta:key:at:in:)`` gives it.
  func start(
    theta: [Float], keys: [PRNGKey], at start: EpisodeStart, in scratch: inout Scratch
  ) throws -> [State]

  /// One step. When it ends the episode, `state` is the first of the next one.
  ///
  /// - Parameter key: The step's randomness, derived when asked for.
  func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Scratch
  ) throws -> StepOutcome

  /// The number of steps done in the episode that `state` is in, absorbed ones included:
  /// 0 ..< horizon.
  func stepIndex(of state: State) -> Int

  /// How many states are at most advanced side by side.
  static var blockSize: Int { get }

  /// Whether several states advance faster than one after another.
  var advancesTogether: Bool { get }

  /// How many of `count` particles work together best, of whom an estimator takes `most` at most.
  func particlesTogether(of count: Int, most: Int) -> Int

  /// Takes steps with several states, until one of them ends its episode or `steps` are done.
  ///
  /// A state that has ended its episode is the first of the next one.
  ///
  /// - Parameters:
  ///   - states: At most ``lossStride``.
  ///   - steps: At least 1.
  ///   - thetas: A θ for each state.
  ///   - particles: The particle of each state, which its keys are derived for.
  ///   - losses: Written: the loss of step i of state j at i · ``lossStride`` + j; room for `steps`
  ///     such rows.
  func unroll(
    _ states: inout [State], upTo steps: Int, thetas: [[Float]], keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Scratch
  ) throws -> UnrollOutcome
}

extension UnrolledTask {
  public var name: String { String(describing: Self.self) }

  public var hasParametersPerStep: Bool { false }

  public static var blockSize: Int { 1 }

  public var advancesTogether: Bool { Self.blockSize > 1 }

  public func start(
    theta: [Float], keys: [PRNGKey], at start: EpisodeStart, in scratch: inout Scratch
  ) throws -> [State] {
    try keys.map { try self.start(theta: theta, key: $0, at: start, in: &scratch) }
  }

  public func particlesTogether(of count: Int, most: Int) -> Int { most }

  /// From one step's losses to the next one's where several states are unrolled: a block, but never
  /// less than both sides of an antithetic pair.
  public static var lossStride: Int { max(2, blockSize) }

  public func unroll(
    _ states: inout [State], upTo steps: Int, thetas: [[Float]], keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Scratch
  ) throws -> UnrollOutcome {
    try unrollOneByOne(
      &states, upTo: steps, thetas: thetas, keys: keys, particles: particles, losses: &losses,
      in: &scratch)
  }

  /// ``unroll(_:upTo:thetas:keys:particles:losses:in:)`` with one state after another, step by step.
  public func unrollOneByOne(
    _ states: inout [State], upTo steps: Int, thetas: [[Float]], keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Scratch
  ) throws -> UnrollOutcome {
    var outcome = UnrollOutcome(steps: 0, simulatedSteps: 0)
    var hasEnded = false
    while outcome.steps < steps && !hasEnded {
      for index in states.indices {
        let step = try advance(
          &states[index], theta: thetas[index],
          key: keys.key(step: outcome.steps, particle: particles[index]), in: &scratch)
        losses[outcome.steps * Self.lossStride + index] = step.loss
        outcome.simulatedSteps += step.isSimulated ? 1 : 0
        outcome.divergedSteps += step.hasDiverged ? 1 : 0
        hasEnded = hasEnded || step.isDone
      }
      outcome.steps += 1
    }
    return outcome
  }
}

/// What one step of a trajectory gave.
public struct StepOutcome: Sendable {
  /// L_t.
  public var loss: Float
  /// Whether this step ended the episode, at the horizon.
  public var isDone: Bool
  /// Whether the step was really taken. It is not in a state that an early end has made absorbing:
  /// the clock runs on to the horizon, the loss is 0, nothing is drawn or simulated.
  public var isSimulated: Bool
  /// Whether the step could not be computed to its end, which ended the episode early.
  public var hasDiverged: Bool

  public init(loss: Float, isDone: Bool, isSimulated: Bool = true, hasDiverged: Bool = false) {
    self.loss = loss
    self.isDone = isDone
    self.isSimulated = isSimulated
    self.hasDiverged = hasDiverged
  }
}

/// What several states took together.
public struct UnrollOutcome: Sendable {
  /// Steps of each state, absorbed ones included.
  public var steps: Int
  /// Steps really taken, all states together.
  public var simulatedSteps: Int
  /// Those of them that diverged.
  public var divergedSteps: Int
  /// Of what the steps met, where a task says so: the observations that a policy acted on.
  public var moments: Moments

  public init(
    steps: Int, simulatedSteps: Int, divergedSteps: Int = 0, moments: Moments = Moments()
  ) {
    self.steps = steps
    self.simulatedSteps = simulatedSteps
    self.divergedSteps = divergedSteps
    self.moments = moments
  }
}

/// Where in its episode a trajectory begins.
public enum EpisodeStart: Sendable {
  /// At step 0.
  case beginning
  /// At a step drawn uniformly from {0, W, 2W, … < T}, so that workers are step-unlocked.
  case random(windowLength: Int)

  /// The step to begin at, drawn with `key` for a horizon of `horizon` steps.
  public func step(key: PRNGKey, horizon: Int) -> Int {
    switch self {
    case .beginning: return 0
    case .random(let windowLength):
      let windows = (horizon + windowLength - 1) / windowLength
      return Int(key.randomInteger(in: 0..<Int32(windows))) * windowLength
    }
  }
}

/// The key of one particle's step, derived only when a task draws from it.
public struct StepKey: Sendable {
  let shared: PRNGKey
  let particle: Int
  let particleCount: Int

  /// Row `particle` of `split(shared, particleCount)`.
  public init(shared: PRNGKey, particle: Int, particleCount: Int) {
    self.shared = shared
    self.particle = particle
    self.particleCount = particleCount
  }

  /// The particle's key of this step.
  public func derive() -> PRNGKey { shared.split(particleCount, at: particle) }
}
