public import Unrolls

extension Window where Task: DifferentiableTask {
  /// Begins the next episode of each state that got to the end of its last with step `step`.
  ///
  /// - Parameter members: The states' particles, counted from the block's first; nil for all.
  /// - Returns: The places of those states.
  @discardableResult
  public func restartFinished(
    _ states: inout [Task.State], of members: [Int]? = nil, after step: Int,
    in workspace: inout Workspace<Task>
  ) throws -> [Int] {
    var restarted: [Int] = []
    for index in states.indices where task.stepIndex(of: states[index]) >= task.horizon {
      let particle = particles.lowerBound + (members?[index] ?? index)
      let key = unrolls.key(step: step, particle: particle)
      try task.restart(&states[index], theta: theta, key: key, in: &workspace.scratch)
      restarted.append(index)
    }
    return restarted
  }

  /// Adds the losses of the workspace and the steps that they are of.
  ///
  /// - Parameter members: The trajectories, counted from the block's first; nil for all.
  public func note(
    _ workspace: Workspace<Task>, of members: [Int]? = nil, into totals: inout WindowTotals
  ) {
    let steps = workspace.losses.stepCount * (members?.count ?? particles.count)
    totals.add(workspace.losses, of: members, among: particles.count)
    totals.environmentSteps += steps
    totals.simulatedSteps += steps
  }

  /// Reverse mode through the window, whose start states count as constants; a state that gets to
  /// the end of its episode goes on with the next one, unless the window is over.
  ///
  /// Derivatives do not pass from one call of the task to the one before, which is right where an
  /// episode ends and nowhere else. So particles go together that end theirs at the same step.
  public func pullBack(
    _ states: inout [Task.State], into sum: inout BlockSum,
    in workspace: inout Workspace<Task>
  ) throws {
    var gradients = [Float](repeating: 0, count: states.count * theta.count)
    // By loops: closures over the task's types are made anew for each block.
    var ends: [Int] = []
    for index in states.indices {
      ends.append(min(length, task.horizon - task.stepIndex(of: states[index])))
    }
    for end in Set(ends).sorted() {
      var members: [Int] = []
      for index in ends.indices where ends[index] == end { members.append(index) }
      try pullBack(members, of: &states, gradients: &gradients, into: &sum, in: &workspace)
    }
    sum.addGradients(gradients, thetaCount: theta.count)
  }

  /// As above for those particles that go together.
  private func pullBack(
    _ members: [Int], of states: inout [Task.State], gradients: inout [Float],
    into sum: inout BlockSum, in workspace: inout Workspace<Task>
  ) throws {
    var group: [Task.State] = []
    var groupParticles: [Int] = []
    for member in members {
      group.append(states[member])
      groupParticles.append(particles.lowerBound + member)
    }
    var groupGradients = [Float](repeating: 0, count: members.count * theta.count)
    var done = 0
    while done < length {
      var count = length - done
      for index in group.indices {
        count = min(count, task.horizon - task.stepIndex(of: group[index]))
      }
      workspace.reserve(steps: count)
      try task.pullBack(
        &group, theta: theta, steps: count, keys: unrolls.dropping(done),
        particles: groupParticles, losses: &workspace.losses.values,
        gradients: &groupGradients, in: &workspace.scratch)
      note(workspace, of: members, into: &sum.totals)
      done += count
      if done < length {
        try restartFinished(&group, of: members, after: done - 1, in: &workspace)
      }
    }
    for (index, member) in members.enumerated() {
      states[member] = group[index]
      for entry in theta.indices {
        gradients[member * theta.count + entry] = groupGradients[index * theta.count + entry]
      }
    }
  }
}

extension Workspace where Task: DifferentiableTask {
  /// Makes room for the losses of `steps` steps and their derivatives, which are of that many then.
  public mutating func reserve(steps: Int) {
    losses.makeRoom(for: steps)
    losses.keep(steps)
    lossTangents.makeRoom(for: steps)
    lossTangents.keep(steps)
  }
}
