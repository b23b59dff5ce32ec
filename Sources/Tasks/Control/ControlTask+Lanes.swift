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
  struct Lanes {
    let simulation: LaneScratch
    var policy: Policy.Lanes
  }

  /// Makes room for `count` states; nil where they go one after another.
  func makeLanes(for count: Int) throws -> Lanes? {
    let laneCount = LaneScratch.laneCount(for: count)
    guard let simulation = try simulator.makeLaneScratch(laneCount: laneCount) else { return nil }
    return Lanes(
      simulation: simulation, policy: policy.makeLanes(laneCount: laneCount))
  }

  public func unroll(
    _ states: inout [EnvironmentState], upTo steps: Int, thetas: [[Float]], keys: StepKeys,
    particles: [Int], losses: inout [Float], in scratch: inout Scratch
  ) throws -> UnrollOutcome {
    if policy.normalizesObservations {
      scratch.moments = Moments(numberCount: simulator.spec.observationCount)
    }
    defer { scratch.moments = nil }
    guard advancesTogether, states.count > 1 else {
      var outcome = try unrollOneByOne(
        &states, upTo: steps, thetas: thetas, keys: keys, particles: particles, losses: &losses,
        in: &scratch)
      outcome.moments = scratch.moments ?? Moments()
      return outcome
    }
    // All stop with the first that reaches the horizon.
    let length = states.reduce(steps) { min($0, horizon - $1.step) }
    var outcome = UnrollOutcome(steps: length, simulatedSteps: 0)
    let taken = try go(
      &states, steps: states.map { _ in length }, thetas: thetas, in: &scratch
    ) { index, step, result in
      losses[step * Self.lossStride + index] = Float(-result.reward)
      outcome.simulatedSteps += 1
      outcome.divergedSteps += result.hasDiverged ? 1 : 0
    }
    for index in states.indices where taken[index] < length {
      for step in taken[index]..<length { losses[step * Self.lossStride + index] = -0.0 }
      try simulator.absorb(&states[index], steps: length - taken[index], in: scratch.simulation)
    }
    outcome.moments = scratch.moments ?? Moments()
    return outcome
  }

  /// The return of each state's episode; not a number where its simulation diverges.
  func returns(
    from states: [EnvironmentState], thetas: [[Float]], in scratch: inout Scratch
  ) throws -> [Double] {
    var states = states
    var returns = [Double](repeating: 0, count: states.count)
    try go(
      &states, steps: states.map { _ in horizon }, thetas: thetas, endsEpisodes: true, in: &scratch
    ) { index, _, result in
      returns[index] += result.hasDiverged ? .nan : result.reward
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
    let taken = try go(
      &states, steps: steps, thetas: states.map { _ in theta }, in: &scratch, { _, _, _ in })
    for index in states.indices where taken[index] < steps[index] {
      try simulator.absorb(
        &states[index], steps: steps[index] - taken[index], in: scratch.simulation)
    }
    return states
  }

  /// What is asked of a step.
  private typealias Result = (reward: Double, hasDiverged: Bool)

  /// Lets policies act for so many steps of each state, or until its episode ends early, in as few lanes as
  /// hold those that go on; one alone goes on `mj_step`.
  ///
  /// - Parameters:
  ///   - steps: At most those up to the horizon.
  ///   - endsEpisodes: Whether an episode is over at the time limit, and one whose simulation diverges is
  ///     over without an error; states are of no use then.
  ///   - record: Told of each state's steps, counted from 0.
  /// - Returns: How many steps each has taken.
  @discardableResult
  private func go(
    _ states: inout [EnvironmentState], steps: [Int], thetas: [[Float]], endsEpisodes: Bool = false,
    in scratch: inout Scratch, _ record: (_ index: Int, _ step: Int, Result) -> Void
  ) throws -> [Int] {
    var taken = steps.map { _ in 0 }
    var isOver = states.map(\.hasEnded)
    while true {
      let going = states.indices.filter { !isOver[$0] && taken[$0] < steps[$0] }
      guard advancesTogether, 2...Self.blockSize ~= going.count else {
        for index in going {
          while !isOver[index] && taken[index] < steps[index] {
            let result = try step(
              &states[index], theta: thetas[index], endsEpisodes: endsEpisodes,
              isOver: &isOver[index], in: &scratch)
            record(index, taken[index], result)
            taken[index] += 1
          }
        }
        return taken
      }
      try scratch.withLanes(for: going.count, of: self) { lanes, moments in
        let simulation = lanes.simulation
        policy.use(going.map { thetas[$0] }, in: &lanes.policy)
        simulation.load(going.map { states[$0] })
        simulation.endsEpisodes = endsEpisodes
        defer {
          simulation.endsEpisodes = false
          for (lane, state) in simulation.saved().enumerated() { states[going[lane]] = state }
        }
        var count = going.count
        repeat {
          try act(in: &lanes)
          moments?.add(
            rows: lanes.policy.observations, stride: lanes.policy.laneCount,
            columns: going.indices.filter {
              !isOver[going[$0]] && taken[going[$0]] < steps[going[$0]]
            })
          for (lane, index) in going.enumerated()
          where !isOver[index] && taken[index] < steps[index] {
            let result = simulation.summary(lane)
            record(index, taken[index], (result.reward, result.hasDiverged))
            taken[index] += 1
            isOver[index] = !simulation.isLiving(lane)
            guard isOver[index] || taken[index] == steps[index] else { continue }
            simulation.hold(lane)
            count -= 1
          }
        } while count > 1 && LaneScratch.laneCount(for: count) == simulation.laneCount
      }
    }
  }

  /// Lets the policies act for one step in all lanes.
  private func act(in lanes: inout Lanes) throws {
    try cancellation.check()
    lanes.simulation.observe(into: &lanes.policy.observations)
    policy.act(in: &lanes.policy)
    try lanes.simulation.step(actions: lanes.policy.actions)
  }

  /// A step of one state alone.
  private func step(
    _ state: inout EnvironmentState, theta: [Float], endsEpisodes: Bool, isOver: inout Bool,
    in scratch: inout Scratch
  ) throws -> Result {
    do {
      let result = try act(&state, theta: theta, in: &scratch)
      isOver = endsEpisodes ? result.hasEnded : state.hasEnded
      return (result.reward, result.hasDiverged)
    } catch EnvironmentError.diverged where endsEpisodes {
      isOver = true
      return (0, true)
    }
  }
}
