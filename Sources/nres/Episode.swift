import Envs
import Tasks

/// One episode, from a reset to its last step or the last given action.
struct Episode {
  /// What chooses the actions.
  enum Actor {
    case nothing
    case actions([[Double]])
    case policy(Policy, theta: [Float])
  }

  /// One step done.
  struct Step {
    var index: Int
    var action: [Double]
    /// The observation before the step, which the action answers.
    var observation: [Double]
    /// The observation after the step.
    var nextObservation: [Double]
    var result: StepResult
    /// Whether it was the time limit's.
    var isTruncated: Bool
  }

  /// Its time limit is beyond `length`, so that the last state is still of this episode.
  let simulator: Simulator
  /// Steps at the most: the time limit.
  let length: Int
  let seed: UInt32
  let actor: Actor
  /// Whether a lane takes the steps, of actions in single precision.
  let isInLanes: Bool

  /// Runs the episode; `observe` sees each step.
  func run(_ observe: (Step) throws -> Void) throws {
    let spec = simulator.spec
    let scratch = try simulator.makeScratch()
    let lanes = isInLanes ? try simulator.makeLaneScratch(laneCount: 8) : nil
    var state = try simulator.reset(seed: seed, in: scratch)
    var observation = [Double](repeating: 0, count: spec.observationCount)
    var nextObservation = observation
    var count = length
    if case .actions(let actions) = actor { count = min(count, actions.count) }
    simulator.observe(state, into: &nextObservation)
    for index in 0..<count {
      observation = nextObservation
      var action = [Double](repeating: 0, count: spec.actionCount)
      let result: StepResult
      switch actor {
      case .policy(let policy, let theta):
        // A policy's float32 actions are squared and summed in float32.
        let floats = policy.act(on: observation, theta: theta)
        action = floats.map { Double($0) }
        result =
          try lanes?.step(&state, action: floats)
          ?? simulator.step(&state, action: floats, in: scratch)
      case .actions(let actions):
        action = actions[index]
        result = try simulator.step(&state, action: action, in: scratch)
      case .nothing:
        let floats = action.map { Float($0) }
        result =
          try lanes?.step(&state, action: floats)
          ?? simulator.step(&state, action: floats, in: scratch)
      }
      simulator.observe(state, into: &nextObservation)
      try observe(
        Step(
          index: index, action: action, observation: observation,
          nextObservation: nextObservation, result: result, isTruncated: index + 1 == length))
      if result.hasEnded { break }
    }
  }
}

extension LaneScratch {
  /// Takes one state's step in the first lane.
  fileprivate func step(
    _ state: inout EnvironmentState, action: [Float]
  ) throws -> StepResult {
    var rows = [Float](repeating: 0, count: action.count * laneCount)
    for (index, number) in action.enumerated() { rows[index * laneCount] = number }
    var states = [state]
    load(states)
    try step(actions: rows)
    states = saved()
    state = states[0]
    return result(0)
  }
}

extension Policy {
  /// The action that answers an observation.
  func act(on observation: [Double], theta: [Float]) -> [Float] {
    var scratch = makeScratch()
    scratch.observation = observation.map { Float($0) }
    act(theta: theta, in: &scratch)
    return scratch.action
  }
}

/// The sums of an episode.
struct EpisodeSum: Encodable {
  var steps = 0
  var reward = 0.0
  /// The sum of each of the reward's parts, in their order.
  var terms: [(name: String, value: Double)]

  init(of spec: EnvironmentSpec) { terms = spec.rewardNames.map { ($0, 0) } }

  mutating func add(_ result: StepResult) {
    steps += 1
    reward += result.reward
    for (index, term) in result.rewardTerms.enumerated() { terms[index].value += term.value }
  }

  var text: String {
    let parts = ["steps \(steps)", "reward \(reward)"] + terms.map { "\($0.name) \($0.value)" }
    return parts.joined(separator: "   ")
  }

  func encode(to encoder: any Encoder) throws {
    var values = ["steps": Double(steps), "reward": reward]
    for term in terms { values["\(term.name)_reward"] = term.value }
    try values.encode(to: encoder)
  }
}
