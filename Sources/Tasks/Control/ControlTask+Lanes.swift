public import Envs
public import Randomness
public import Unrolls
import Workers

extension ControlTask {
  public static var blockSize: Int { LaneScratch.mostLanes }

  public var advancesTogether: Bool { simulator.engine == .lanes }

  /// Few particles make two blocks, for two threads; one after another each is its own.
  public func particlesTogether(of count: Int, most: Int) -> Int {
    guard advancesTogether else { return 1 }
    let blocks = max(2, (count + most - 1) / most)
    return (count + blocks - 1) / blocks
  }

  /// Memory for states side by side.
  struct LaneMemory {
    let simulation: LaneScratch
    var policy: Policy.LaneScratch
  }

  /// Makes room for `count` states; nil where they go one after another.
  func makeLanes(for count: Int) throws -> LaneMemory? {
    let laneCount = LaneScratch.laneCount(for: count)
    guard let simulation = try simulator.makeLaneScratch(laneCount: laneCount) else { return nil }
    return LaneMemory(
      simulation: simulation, policy: policy.makeLaneScratch(laneCount: laneCount))
  }

  public func unroll(
    _ states: inout [EnvironmentState], upTo steps: Int, thetas: [[Float]], keys: StepKeys,
    particles: [Int], losses: inout [Float], in scratch: inout Scratch
  ) throws -> UnrollOutcome {
    guard advancesTogether, states.count > 1 else {
      return try unrollOneByOne(
        &states, upTo: steps, thetas: thetas, keys: keys, particles: particles, losses: &losses,
        in: &scratch)
    }
    return try scratch.withLanes(for: states.count, of: self) { lanes in
      try unroll(&states, upTo: steps, thetas: thetas, losses: &losses, in: &lanes)
    }
  }

  /// Lets the policies act for one step in all lanes.
  private func act(in lanes: inout LaneMemory) throws {
    try cancellation.check()
    lanes.simulation.observe(into: &lanes.policy.observations)
    policy.act(in: &lanes.policy)
    try lanes.simulation.step(actions: lanes.policy.actions)
  }

  private func unroll(
    _ states: inout [EnvironmentState], upTo steps: Int, thetas: [[Float]],
    losses: inout [Float], in lanes: inout LaneMemory
  ) throws -> UnrollOutcome {
    var outcome = UnrollOutcome(steps: 0, simulatedSteps: 0)
    var hasEnded = false
    policy.use(thetas, in: &lanes.policy)
    lanes.simulation.load(states)
    defer { lanes.simulation.save(to: &states) }
    while outcome.steps < steps && !hasEnded {
      try act(in: &lanes)
      for lane in states.indices {
        let step = lanes.simulation.summary(lane)
        losses[outcome.steps * Self.lossStride + lane] = Float(-step.reward)
        outcome.simulatedSteps += step.isSimulated ? 1 : 0
        outcome.divergedSteps += step.hasDiverged ? 1 : 0
        hasEnded = hasEnded || step.isTruncated
      }
      outcome.steps += 1
    }
    return outcome
  }

  /// The return of each state's episode; not a number where its simulation diverges.
  func returns(
    from states: [EnvironmentState], thetas: [[Float]], in lanes: inout LaneMemory
  ) throws -> [Double] {
    var returns = [Double](repeating: 0, count: states.count)
    policy.use(thetas, in: &lanes.policy)
    lanes.simulation.load(states)
    lanes.simulation.endsEpisodes = true
    defer { lanes.simulation.endsEpisodes = false }
    while lanes.simulation.hasLiving {
      try act(in: &lanes)
      for lane in states.indices {
        let step = lanes.simulation.summary(lane)
        if step.isSimulated { returns[lane] += step.hasDiverged ? .nan : step.reward }
      }
    }
    return returns
  }

  /// Episodes side by side, each up to the step at which its trajectory begins.
  public func start(
    theta: [Float], keys: [PRNGKey], at start: EpisodeStart, in scratch: inout Scratch
  ) throws -> [EnvironmentState] {
    let starts = try keys.map { try reset(key: $0, at: start, in: scratch) }
    var states = starts.map(\.state)
    let steps = starts.map(\.steps)
    guard advancesTogether, let most = steps.max(), most > 0, 2...Self.blockSize ~= keys.count
    else {
      for index in states.indices {
        for _ in 0..<steps[index] { _ = try act(&states[index], theta: theta, in: &scratch) }
      }
      return states
    }
    try scratch.withLanes(for: states.count, of: self) { lanes in
      policy.use(states.map { _ in theta }, in: &lanes.policy)
      lanes.simulation.load(states)
      for step in 0..<most {
        for lane in steps.indices where steps[lane] == step { lanes.simulation.hold(lane) }
        try act(in: &lanes)
      }
      lanes.simulation.save(to: &states)
    }
    return states
  }
}
