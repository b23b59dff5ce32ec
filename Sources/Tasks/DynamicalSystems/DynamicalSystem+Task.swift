import Differentiation
import Parameters
public import Randomness
public import Unrolls

/// A state of a dynamical system as a value: its numbers and the steps since the episode began.
public struct DynamicalState: Codable, Hashable, Sendable {
  public var values: [Float]
  public var step: Int

  public init(values: [Float], step: Int) {
    self.values = values
    self.step = step
  }
}

/// One thread's memory.
public struct DynamicalScratch {
  var blocks = BlockMemory<SIMD16<Float>>()
  var singles = BlockMemory<Float>()
}

// How a dynamical system is a task for every estimator.
extension DynamicalSystem {
  public func makeScratch() -> DynamicalScratch { DynamicalScratch() }

  /// (initial values, start step) = split(key); nothing is simulated up to the start step.
  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout DynamicalScratch
  ) -> DynamicalState {
    let (initial, iteration) = key.split()
    return DynamicalState(
      values: initialValues(key: initial), step: start.step(key: iteration, horizon: horizon))
  }

  public func advance(
    _ state: inout DynamicalState, theta: [Float], key: StepKey, in scratch: inout DynamicalScratch
  ) throws -> StepOutcome {
    let loss = scratch.singles.advance(&state.values, theta: theta, of: self)
    state.step += 1
    let isDone = state.step >= horizon
    if isDone { try restart(&state, theta: theta, key: key, in: &scratch) }
    return StepOutcome(loss: loss, isDone: isDone)
  }

  /// (transition, loss, reset) = split(key, 3).
  public func restart(
    _ state: inout DynamicalState, theta: [Float], key: StepKey, in scratch: inout DynamicalScratch
  ) {
    state = DynamicalState(values: initialValues(key: key.derive().split3().2), step: 0)
  }

  public func stepIndex(of state: DynamicalState) -> Int { state.step }
}

// MARK: Side by side

extension DynamicalSystem {
  public static var blockSize: Int { SIMD16<Float>.laneCount }

  public func unroll(
    _ states: inout [DynamicalState], thetas: [[Float]], steps: Int, keys: StepKeys,
    particles: [Int], losses: inout [Float], in scratch: inout DynamicalScratch
  ) {
    if states.count == 1 {
      scratch.singles.unroll(&states, thetas: thetas, steps: steps, losses: &losses, of: self)
    } else {
      scratch.blocks.unroll(&states, thetas: thetas, steps: steps, losses: &losses, of: self)
    }
  }

  public func pullBack(
    _ states: inout [DynamicalState], theta: [Float], steps: Int, keys: StepKeys, particles: [Int],
    losses: inout [Float], gradients: inout [Float], in scratch: inout DynamicalScratch
  ) {
    if states.count == 1 {
      scratch.singles.pullBack(
        &states, theta: theta, steps: steps, losses: &losses, gradients: &gradients, of: self)
    } else {
      scratch.blocks.pullBack(
        &states, theta: theta, steps: steps, losses: &losses, gradients: &gradients, of: self)
    }
  }

  public func pushForward(
    _ states: inout [DynamicalState], tangents: inout [Float], theta: [Float], directions: [Float],
    steps: Int, keys: StepKeys, particles: [Int], losses: inout [Float],
    lossTangents: inout [Float], in scratch: inout DynamicalScratch
  ) {
    scratch.blocks.pushForward(
      &states, tangents: &tangents, theta: theta, directions: directions, steps: steps,
      losses: &losses, lossTangents: &lossTangents, of: self)
  }

  public func transition(
    _ states: inout [DynamicalState], tangents: inout [Float], adjoints: [Float], theta: [Float],
    keys: StepKeys, particles: [Int], products: inout [Float], in scratch: inout DynamicalScratch
  ) {
    scratch.blocks.transition(
      &states, tangents: &tangents, adjoints: adjoints, theta: theta, products: &products,
      of: self)
  }

  public func losses(
    at states: [DynamicalState], tangents: [Float], theta: [Float], keys: StepKeys,
    particles: [Int], losses: inout [Float], lossTangents: inout [Float],
    in scratch: inout DynamicalScratch
  ) {
    scratch.blocks.losses(
      at: states, tangents: tangents, losses: &losses, lossTangents: &lossTangents, of: self)
  }
}
