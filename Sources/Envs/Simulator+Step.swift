import CMuJoCo

extension Simulator {
  /// Takes one environment step with an action in single precision.
  ///
  /// Squares of the action are taken and summed in single precision, the reward in double, as
  /// NumPy does it in Gymnasium. At the time limit the state becomes the next episode's start, and
  /// only there: an episode that ends earlier keeps its last state, and further steps count without
  /// being simulated. ``reset(_:in:)`` begins the next one before.
  ///
  /// - Precondition: `action` has `spec.actionCount` values and `scratch` is of this simulator.
  /// - Throws: ``EnvironmentError/diverged(environment:seed:step:cause:)`` when the simulation
  ///   diverges and the policy is to fail; the state is then as before.
  public func step(
    _ state: inout EnvironmentState, action: [Float], in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    try step(&state, action: action, in: scratch, onDivergence: onDivergence)
  }

  /// The same with another policy.
  func step(
    _ state: inout EnvironmentState, action: [Float], in scratch: Scratch,
    onDivergence: DivergencePolicy
  ) throws(EnvironmentError) -> StepResult {
    check(action.count, scratch)
    let control = scratch.simulation.pointee.ctrl
    for index in action.indices { control[index] = Double(action[index]) }
    let squaredAction = sumAsNumPy(action.count) { action[$0] * action[$0] }
    return try step(
      &state, squaredAction: Double(squaredAction), onDivergence: onDivergence, in: scratch)
  }

  /// Takes one environment step with an action in double precision; otherwise the same.
  public func step(
    _ state: inout EnvironmentState, action: [Double], in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    check(action.count, scratch)
    let control = scratch.simulation.pointee.ctrl
    for index in action.indices { control[index] = action[index] }
    let squaredAction = sumAsNumPy(action.count) { action[$0] * action[$0] }
    return try step(
      &state, squaredAction: squaredAction, onDivergence: onDivergence, in: scratch)
  }

  private func check(_ actionCount: Int, _ scratch: Scratch) {
    precondition(actionCount == spec.actionCount, "an action of another environment")
    precondition(scratch.model === model, "a scratch of another simulator")
  }

  /// Steps with the controls already in the scratch.
  private func step(
    _ state: inout EnvironmentState, squaredAction: Double, onDivergence: DivergencePolicy,
    in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    if state.hasEnded { return try count(&state, absorbed(state, in: scratch), in: scratch) }
    guard squaredAction.isFinite else {
      return try diverge(
        &state, cause: "an action is not finite or too large", onDivergence, in: scratch)
    }
    scratch.load(state.physics)
    switch mujoco_step(scratch.simulation, Int32(spec.frameSkip), model.readsContactForces) {
    case .failed:
      throw failure
    case .diverged:
      let cause = mujoco_warnings(scratch.simulation).described
      return try diverge(&state, cause: cause, onDivergence, in: scratch)
    case .succeeded:
      break
    }
    guard scratch.isFinite else {
      return try diverge(&state, cause: "the state is not finite", onDivergence, in: scratch)
    }
    scratch.collect()
    let outcome = withView(of: state) {
      environment.outcomeAlone(
        of: Transition(
          from: $0, to: scratch.view, action: scratch.controls, squaredAction: squaredAction,
          duration: spec.stepDuration))
    }
    scratch.save(to: &state.physics)
    return try count(&state, StepResult(outcome, names: scratch.names), in: scratch)
  }

  /// Lets steps of an episode that has ended early pass; at the time limit the next one begins.
  package func absorb(
    _ state: inout EnvironmentState, steps: Int, in scratch: Scratch
  ) throws(EnvironmentError) {
    precondition(
      state.hasEnded && state.step + steps <= spec.timeLimit, "an episode that waits for its limit")
    state.step += steps
    if state.step == spec.timeLimit { try reset(&state, in: scratch) }
  }

  /// Moves the clock on by a step; at the time limit the next episode begins.
  private func count(
    _ state: inout EnvironmentState, _ result: StepResult, in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    var result = result
    state.step += 1
    result.isTruncated = state.step >= spec.timeLimit
    if result.isTruncated {
      try reset(&state, in: scratch)
    } else if result.hasEnded {
      state.hasEnded = true
    }
    return result
  }

  /// Ends the episode of a simulation that cannot go on, as the policy says.
  private func diverge(
    _ state: inout EnvironmentState, cause: String, _ onDivergence: DivergencePolicy,
    in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    if onDivergence == .fail {
      throw .diverged(
        environment: spec.id, seed: state.seed, step: state.step + 1, cause: cause)
    }
    var result = standstill(state, in: scratch)
    result.hasDiverged = true
    return try count(&state, result, in: scratch)
  }

  /// The result of a step of an episode that has ended.
  func absorbed(_ state: EnvironmentState, in scratch: Scratch) -> StepResult {
    var result = standstill(state, in: scratch)
    result.isSimulated = false
    return result
  }

  /// The result of a step that moved and earned nothing.
  private func standstill(_ state: EnvironmentState, in scratch: Scratch) -> StepResult {
    // What the thread did before is no action of this step.
    for index in 0..<spec.actionCount { scratch.simulation.pointee.ctrl[index] = 0 }
    var outcome = withView(of: state) {
      environment.outcomeAlone(
        of: Transition(
          from: $0, to: $0, action: scratch.controls, squaredAction: 0,
          duration: spec.stepDuration))
    }
    outcome.reward = 0
    outcome.rewardTerms = Outcome.Terms(repeating: 0)
    outcome.isTerminated = false
    return StepResult(outcome, names: scratch.names)
  }
}

extension MuJoCoWarnings {
  fileprivate var described: String {
    if bad_qpos > 0 { return "bad positions" }
    if bad_qvel > 0 { return "bad velocities" }
    if bad_qacc > 0 { return "bad accelerations" }
    if bad_ctrl > 0 { return "bad controls" }
    return contacts_full > 0 ? "too many contacts" : "too many constraints"
  }
}
