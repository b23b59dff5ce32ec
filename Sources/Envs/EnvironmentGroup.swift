/// Some of a manager's environments, neighbours, which one thread unrolls together.
struct EnvironmentGroup {
  typealias Policy = (_ index: Int, _ observation: [Float], _ action: inout [Float]) -> Void

  /// The index of the first one.
  let first: Int
  var states: [EnvironmentState]
  /// What the steps gave, for each environment.
  private(set) var results: [[StepResult]]
  /// That of the first environment that failed.
  private(set) var error: EnvironmentError?

  init(first: Int, states: [EnvironmentState]) {
    self.first = first
    self.states = states
    results = [[StepResult]](repeating: [], count: states.count)
  }

  /// One thread's memory.
  struct Scratch {
    let alone: Envs.Scratch
    /// Nil where environments go one after another.
    let lanes: LaneScratch?

    init(_ simulator: Simulator, groupSize: Int) throws(EnvironmentError) {
      lanes =
        groupSize > 1
        ? try simulator.makeLaneScratch(laneCount: LaneScratch.laneCount(for: groupSize)) : nil
      if let lanes { alone = lanes.alone } else { alone = try simulator.makeScratch() }
    }
  }

  /// Takes `steps` environment steps in each; one that fails stands where it failed.
  mutating func unroll(
    _ steps: Int, of simulator: Simulator, after earlyEnd: EarlyEnd, in scratch: Scratch,
    policy: Policy
  ) {
    for index in states.indices { results[index].reserveCapacity(steps) }
    if let lanes = scratch.lanes {
      unroll(steps, after: earlyEnd, in: lanes, policy: policy)
      return
    }
    for index in states.indices {
      do throws(EnvironmentError) {
        try unroll(
          index, steps, of: simulator, after: earlyEnd, in: scratch.alone, policy: policy)
      } catch {
        self.error = self.error ?? error
      }
    }
  }

  private mutating func unroll(
    _ steps: Int, after earlyEnd: EarlyEnd, in lanes: LaneScratch, policy: Policy
  ) {
    let (spec, laneCount) = (lanes.simulator.spec, lanes.laneCount)
    var observations = [Float](repeating: 0, count: spec.observationCount * laneCount)
    var actions = [Float](repeating: 0, count: spec.actionCount * laneCount)
    var observation = [Float](repeating: 0, count: spec.observationCount)
    // A policy finds what it wrote the last time.
    var written = [[Float]](
      repeating: [Float](repeating: 0, count: spec.actionCount), count: states.count)
    lanes.load(states)
    for _ in 0..<steps {
      lanes.observe(into: &observations)
      for lane in states.indices where lanes.failures[lane] == nil {
        for index in observation.indices {
          observation[index] = observations[index * laneCount + lane]
        }
        policy(first + lane, observation, &written[lane])
        precondition(
          written[lane].count == spec.actionCount, "an action of another environment")
        for index in 0..<spec.actionCount {
          actions[index * laneCount + lane] = written[lane][index]
        }
      }
      // Each lane's failure is kept.
      try? lanes.step(actions: actions)
      for lane in states.indices where lanes.failures[lane] == nil {
        results[lane].append(lanes.result(lane))
        if earlyEnd == .restarts && lanes.states[lane].hasEnded { lanes.restart(lane) }
      }
    }
    states = lanes.saved()
    error = lanes.failures.lazy.compactMap { $0 }.first
  }

  private mutating func unroll(
    _ index: Int, _ steps: Int, of simulator: Simulator, after earlyEnd: EarlyEnd,
    in scratch: Envs.Scratch, policy: Policy
  ) throws(EnvironmentError) {
    var observation = [Float](repeating: 0, count: simulator.spec.observationCount)
    var action = [Float](repeating: 0, count: simulator.spec.actionCount)
    for _ in 0..<steps {
      simulator.observe(states[index], into: &observation)
      policy(first + index, observation, &action)
      results[index].append(try simulator.step(&states[index], action: action, in: scratch))
      if states[index].hasEnded && earlyEnd == .restarts {
        try simulator.reset(&states[index], in: scratch)
      }
    }
  }
}
