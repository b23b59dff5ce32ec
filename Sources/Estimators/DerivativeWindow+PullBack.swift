import Unrolls

extension DerivativeWindow {
  /// Reverse mode through the window, whose start states count as constants; a state that gets to
  /// the end of its episode goes on with the next one, unless the window is over.
  ///
  /// Derivatives do not pass from one call of the task to the one before, which is right where an
  /// episode ends and nowhere else. So particles go together that end theirs at the same step.
  func pullBack(
    _ states: inout [Task.State], into sum: inout DerivativeSum, lane: inout DerivativeLane<Task>
  ) throws {
    var gradients = [Float](repeating: 0, count: states.count * theta.count)
    let ends = states.map { min(length, task.horizon - task.stepIndex(of: $0)) }
    for end in Set(ends).sorted() {
      let members = ends.indices.filter { ends[$0] == end }
      try pullBack(members, of: &states, gradients: &gradients, into: &sum, lane: &lane)
    }
    sum.add(gradients: gradients)
  }

  /// As above for those particles that go together.
  private func pullBack(
    _ members: [Int], of states: inout [Task.State], gradients: inout [Float],
    into sum: inout DerivativeSum, lane: inout DerivativeLane<Task>
  ) throws {
    var group = members.map { states[$0] }
    let groupParticles = members.map { particles[$0] }
    var groupGradients = [Float](repeating: 0, count: members.count * theta.count)
    var done = 0
    while done < length {
      let count = steps(of: group, limit: length - done)
      lane.reserve(steps: count)
      try task.pullBack(
        &group, theta: theta, steps: count, keys: unrolls.dropping(done),
        particles: groupParticles, losses: &lane.losses, gradients: &groupGradients,
        in: &lane.scratch)
      sum.add(losses: lane.losses, steps: count, width: Task.blockSize, of: members)
      done += count
      if done < length {
        try restartFinished(&group, of: groupParticles, after: done - 1, lane: &lane)
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

extension DerivativeSum {
  /// Adds the particles' gradients, a θ-row each.
  fileprivate mutating func add(gradients: [Float]) {
    let count = gradient.count
    for particle in losses.indices {
      for index in 0..<count { gradient[index] += gradients[particle * count + index] }
    }
  }
}
