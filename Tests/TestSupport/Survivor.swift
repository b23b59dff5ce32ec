public import Parameters
public import Randomness
public import Unrolls

/// A robot that earns 1 + θ₁ at each step of its life and falls after it with probability 1 − p,
/// p = 0.6 + θ₀/2. Its episodes end early, when depends on θ, and every expectation is known.
public struct Survivor: UnrolledTask {
  public let horizon: Int

  public init(horizon: Int) { self.horizon = horizon }

  public struct State: Codable, Hashable, Sendable {
    public var hasFallen = false
    public var step = 0

    public init() {}
  }

  public let layout = ParameterLayout([ParameterLeaf(name: "theta", shape: [2])])

  public func initialParameters(key: PRNGKey) -> [Float] { [0, 0] }
  public func makeScratch() {}
  public func stepIndex(of state: State) -> Int { state.step }

  /// Steps up to the start are taken, with the particle's key.
  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Void
  ) -> State {
    let (initial, iteration) = key.split()
    var state = State()
    let steps = start.step(key: iteration, horizon: horizon)
    for (index, key) in initial.split(horizon).prefix(steps).enumerated() {
      let shared = StepKey(shared: key, particle: index, particleCount: horizon)
      _ = advance(&state, theta: theta, key: shared, in: &scratch)
    }
    return state
  }

  public func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Void
  ) -> StepOutcome {
    var outcome = StepOutcome(loss: 0, isDone: false, isSimulated: !state.hasFallen)
    if !state.hasFallen {
      outcome.loss = -(1 + theta[1])
      state.hasFallen = key.derive().uniform(1)[0] >= 0.6 + theta[0] / 2
    }
    state.step += 1
    outcome.isDone = state.step == horizon
    if outcome.isDone { state = State() }
    return outcome
  }
}

extension Survivor {
  /// The gradient, by θ, of an episode's mean loss where θ is perturbed by a new noise of deviation
  /// `sigma` every `period` steps.
  ///
  /// - Parameters:
  ///   - steps: The first steps of the episode that count.
  ///   - window: The gradient sees of each step's survival only what its own window of so many steps
  ///     did, of which the first state was reached without noise (TES); nil for all.
  public func smoothedGradient(
    theta: [Float], sigma: Double, period: Int, steps: Int? = nil, window: Int? = nil
  ) -> [Double] {
    let (theta, count) = (theta.map { Double($0) }, steps ?? horizon)
    let p = 0.6 + theta[0] / 2
    /// E[(p + ε/2)^power], by the moments of a normal number.
    func moment(_ power: Int) -> Double {
      guard power >= 0 else { return 0 }
      var (sum, binomial, moment) = (0.0, 1.0, 1.0)
      for order in stride(from: 0, through: power, by: 2) {
        sum += binomial * moment * pow(p, power - order)
        binomial *=
          Double((power - order) * (power - order - 1)) / Double((order + 1) * (order + 2))
        moment *= Double(order + 1) * sigma * sigma / 4
      }
      return sum
    }
    func pow(_ base: Double, _ exponent: Int) -> Double {
      (0..<exponent).reduce(1) { product, _ in product * base }
    }
    /// The probability of a life of more than `steps` steps from the start of a noise, and its
    /// derivative by θ₀.
    func survival(_ steps: Int) -> (value: Double, slope: Double) {
      var (value, slope) = (1.0, 0.0)
      for first in stride(from: 0, to: steps, by: period) {
        let power = min(period, steps - first)
        slope = slope * moment(power) + value * Double(power) / 2 * moment(power - 1)
        value *= moment(power)
      }
      return (value, slope)
    }
    var gradient = [0.0, 0.0]
    for step in 0..<count {
      let before = window.map { step / $0 * $0 } ?? 0
      let (value, slope) = survival(step - before)
      let reached = pow(p, before)
      gradient[0] -= (1 + theta[1]) * reached * slope / Double(count)
      gradient[1] -= reached * value / Double(count)
    }
    return gradient
  }
}
