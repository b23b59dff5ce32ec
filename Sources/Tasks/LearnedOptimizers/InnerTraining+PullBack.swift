import Parameters

extension InnerTraining {
  /// Reverse mode through several steps of one state, which advances; it counts as constant.
  ///
  /// - Parameters:
  ///   - load: Loads the batches of a step. What it throws ends the work.
  ///   - history: Memory.
  ///   - gradient: The derivative of the sum of losses by θ is added.
  ///   - note: Told each step's loss.
  func pullBack(
    _ state: UnsafeMutablePointer<Real>, updates: Int, theta: UnsafeMutablePointer<Real>,
    steps: Int, load: (_ step: Int) throws -> Void, history: InnerHistory<Real>,
    into gradient: UnsafeMutablePointer<Real>, note: (_ step: Int, _ loss: Real) -> Void
  ) rethrows {
    history.reserve(steps: steps)
    for step in 0..<steps {
      try load(step)
      history.state(step).update(from: state, count: problem.valueCount)
      let inner = innerGradient(of: Signal(state))
      history.gradient(step).update(from: inner.values, count: parameterCount)
      Real.update(
        self.step(Signal(state), updates: updates + step, theta: Signal(theta), gradient: inner),
        with: problem.optimizer)
    }

    let adjoints = history.adjoints.start
    let gradientAdjoints = history.gradientAdjoints.start
    history.adjoints.clear()
    for step in (0..<steps).reversed() {
      try load(step)
      let after = step + 1 < steps ? history.state(step + 1) : state
      note(step, outerLoss(of: Signal(after), into: adjoints))
      let before = history.state(step)
      Real.pullBack(
        self.step(
          Signal(before), updates: updates + step, theta: Signal(theta),
          gradient: Signal(history.gradient(step))),
        OptimizerAdjoints(
          state: adjoints, gradient: gradientAdjoints, theta: gradient, reachesState: step > 0),
        with: problem.optimizer)
      guard step > 0 else { return }
      let product = innerGradient(of: Signal(before, tangents: gradientAdjoints))
      guard let tangents = product.tangents else { return }
      for index in 0..<parameterCount { adjoints[index] += tangents[index] }
    }
  }
}
