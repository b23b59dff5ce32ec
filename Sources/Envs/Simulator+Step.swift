import CMuJoCo

extension Simulator {
  /// Takes one environment step with an action in single precision.
  ///
  /// Squares of the action are taken and summed in single precision, the reward in double, as
  /// NumPy does it in Gymnasium. At the time limit the episode ends and the state is the next
  /// one's start.
  ///
  /// - Precondition: `action` has `spec.actionCount` values and `scratch` is of this simulator.
  /// - Throws: ``EnvironmentError/diverged(environment:seed:step:cause:)`` when the simulation
  ///   diverges and the policy is to fail; the state is then as before.
  public func step(
    _ state: inout EnvironmentState, action: [Float], in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    check(action.count, scratch)
    let control = scratch.simulation.pointee.ctrl
    var squaredAction: Float = 0
    for index in action.indices {
      let value = action[index]
      squaredAction += value * value
      control[index] = Double(value)
    }
    return try step(&state, squaredAction: Double(squaredAction), in: scratch)
  }

  /// Takes one environment step with an action in double precision; otherwise the same.
  public func step(
    _ state: inout EnvironmentState, action: [Double], in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    check(action.count, scratch)
    let control = scratch.simulation.pointee.ctrl
    var squaredAction = 0.0
    for index in action.indices {
      let value = action[index]
      squaredAction += value * value
      control[index] = value
    }
    return try step(&state, squaredAction: squaredAction, in: scratch)
  }

  private func check(_ actionCount: Int, _ scratch: Scratch) {
    precondition(actionCount == spec.actionCount, "an action of another environment")
    precondition(scratch.model === model, "a scratch of another simulator")
  }

  /// Steps with the controls already in the scratch.
  private func step(
    _ state: inout EnvironmentState, squaredAction: Double, in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    guard squaredAction.isFinite else {
      return try diverge(&state, cause: "an action is not finite or too large", in: scratch)
    }
    scratch.load(state.physics)
    switch mujoco_step(scratch.simulation, Int32(spec.frameSkip)) {
    case .failed:
      throw failure
    case .diverged:
      let cause = mujoco_warnings(scratch.simulation).described
      return try diverge(&state, cause: cause, in: scratch)
    case .succeeded:
      break
    }
    guard scratch.isFinite else {
      return try diverge(&state, cause: "the state is not finite", in: scratch)
    }
    let positions = model.layout.qpos..<model.layout.qvel
    var result = environment.reward(
      from: state.physics.span.extracting(positions), to: scratch.qpos.span,
      squaredAction: squaredAction, duration: spec.stepDuration)
    scratch.save(to: &state.physics)
    state.step += 1
    if result.isDone || state.step >= spec.timeLimit {
      try reset(&state, in: scratch)
      result.isDone = true
    }
    return result
  }

  /// Ends the episode of a simulation that cannot go on, as the policy says.
  private func diverge(
    _ state: inout EnvironmentState, cause: String, in scratch: Scratch
  ) throws(EnvironmentError) -> StepResult {
    if onDivergence == .fail {
      throw .diverged(
        environment: spec.id, seed: state.seed, step: state.step + 1, cause: cause)
    }
    var result = standstill(state)
    result.reward = 0
    result.isDone = true
    result.hasDiverged = true
    try reset(&state, in: scratch)
    return result
  }

  /// The result of a step that moved nothing.
  private func standstill(_ state: EnvironmentState) -> StepResult {
    let positions = state.physics.span.extracting(model.layout.qpos..<model.layout.qvel)
    return environment.reward(
      from: positions, to: positions, squaredAction: 0, duration: spec.stepDuration)
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
