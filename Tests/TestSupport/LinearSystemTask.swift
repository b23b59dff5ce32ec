import Foundation
public import Parameters
public import Randomness
public import Unrolls

/// s_t = decay · s_{t−1} + gain · θ, coordinate by coordinate, whose gradients are known exactly.
///
/// With a time axis, step t takes row t − 1 of θ: a linear control problem.
public struct LinearSystemTask: UnrolledTask {
  public enum Loss: Sendable {
    /// L_t = weights · s_t
    case linear(weights: [Double])
    /// L_t = ‖s_t − target‖²
    case quadratic(target: [Double])
  }

  public var horizon: Int
  public var decay: Double
  public var gain: Double
  /// s_0, which also fixes the number of coordinates.
  public var initialState: [Double]
  public var loss: Loss
  /// Standard deviation of the normal numbers added to s_0 and at every step, from their keys.
  public var noise = 0.0
  /// Whether θ has a leading axis of one row a step.
  public var hasParametersPerStep = false
  /// The only step whose loss counts; nil means all of them.
  public var onlyLoss: Int?

  public init(horizon: Int, decay: Double, gain: Double, initialState: [Double], loss: Loss) {
    self.horizon = horizon
    self.decay = decay
    self.gain = gain
    self.initialState = initialState
    self.loss = loss
  }

  public struct State: Codable, Hashable, Sendable {
    public var values: [Double]
    public var step = 0
  }

  public var layout: ParameterLayout {
    let width = initialState.count
    return ParameterLayout([
      ParameterLeaf(name: "u", shape: hasParametersPerStep ? [horizon, width] : [width])
    ])
  }

  public func initialParameters(key: PRNGKey) -> [Float] {
    [Float](repeating: 0, count: layout.count)
  }

  public func makeScratch() {}

  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Void
  ) -> State {
    let (initial, iteration) = key.split()
    return State(
      values: disturbed(initialState, key: initial),
      step: start.step(key: iteration, horizon: horizon))
  }

  public func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Void
  ) -> StepOutcome {
    let (transition, _, reset) = key.derive().split3()
    let width = initialState.count
    let row = hasParametersPerStep ? state.step * width : 0
    for index in 0..<width {
      state.values[index] = decay * state.values[index] + gain * Double(theta[row + index])
    }
    state.values = disturbed(state.values, key: transition)
    state.step += 1
    let loss = onlyLoss.map { $0 == state.step } ?? true ? loss(of: state.values) : 0
    let isDone = state.step == horizon
    if isDone { state = State(values: disturbed(initialState, key: reset)) }
    return StepOutcome(loss: Float(loss), isDone: isDone)
  }

  public func stepIndex(of state: State) -> Int { state.step }

  private func disturbed(_ values: [Double], key: PRNGKey) -> [Double] {
    guard noise != 0 else { return values }
    return zip(values, key.normal(values.count)).map { $0 + noise * Double($1) }
  }

  private func loss(of values: [Double]) -> Double {
    switch loss {
    case .linear(let weights): zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    case .quadratic(let target): zip(values, target).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    }
  }
}

extension LinearSystemTask {
  /// s_t without noise, for a constant θ or one with a time axis.
  public func state(theta: [Float], at step: Int) -> [Double] {
    let width = initialState.count
    return (0..<step).reduce(initialState) { values, row in
      (0..<width).map {
        decay * values[$0] + gain * Double(theta[hasParametersPerStep ? row * width + $0 : $0])
      }
    }
  }

  /// ∂L_t/∂(θ of step `input`), where both steps count from 1.
  public func lossGradient(theta: [Float], at step: Int, input: Int) -> [Double] {
    let sensitivity = gain * pow(decay, Double(step - input))
    switch loss {
    case .linear(let weights): return weights.map { $0 * sensitivity }
    case .quadratic(let target):
      return zip(state(theta: theta, at: step), target).map { 2 * ($0 - $1) * sensitivity }
    }
  }

  /// The gradient of the mean loss of an episode, counting for each step only the inputs that
  /// `counts` accepts.
  public func meanLossGradient(
    theta: [Float], counting counts: (_ step: Int, _ input: Int) -> Bool = { _, _ in true }
  ) -> [Double] {
    var sum = [Double](repeating: 0, count: initialState.count)
    for step in 1...horizon {
      for input in 1...step where counts(step, input) {
        let part = lossGradient(theta: theta, at: step, input: input)
        for index in sum.indices { sum[index] += part[index] / Double(horizon) }
      }
    }
    return sum
  }
}
