import Physics

extension LaneScratch {
  /// Writes the lanes' observations, computed in double precision and rounded once.
  ///
  /// - Parameter observations: A row of lanes for each number (`spec.observationCount` · lanes).
  package func observe(into observations: inout [Float]) {
    let count = simulator.spec.observationCount
    precondition(observations.count == count * laneCount, "a row of lanes a number")
    withUnsafeTemporaryAllocation(of: Numbers.self, capacity: count) { buffer in
      buffer.initialize(repeating: .zero)
      var values = buffer.mutableSpan
      for eight in 0..<laneCount / 8 {
        withView(of: buffers.after, eight) {
          simulator.environment.observeTogether($0, into: &values)
        }
        observations.withUnsafeMutableBytes { target in
          for index in 0..<count {
            target.storeBytes(
              of: SIMD8<Float>(buffer[index]), toByteOffset: 4 * (index * laneCount + 8 * eight),
              as: SIMD8<Float>.self)
          }
        }
      }
    }
  }

  /// Takes an environment step in every lane, as ``Simulator/step(_:action:in:)`` does.
  ///
  /// - Parameter actions: A row of lanes for each number (`spec.actionCount` · lanes).
  /// - Throws: ``EnvironmentError/diverged(environment:seed:step:cause:)`` of the first lane that
  ///   diverges where the policy is to fail. The others have taken the step then, and may go on: that
  ///   lane's state is as it was, and stays so until states are loaded again.
  package func step(actions: [Float]) throws(EnvironmentError) {
    let spec = simulator.spec
    precondition(actions.count == spec.actionCount * laneCount, "a row of lanes a number")
    take(actions)
    var exceptional: UInt64 = 0
    for lane in states.indices where !buffers.squaredActions[lane / 8][lane % 8].isFinite {
      exceptional |= 1 << UInt64(lane)
    }
    exceptional |= advance(wanted: living & ~exceptional)
    exceptional &= living
    for eight in buffers.outcomes.indices { buffers.outcomes[eight] = outcome(eight) }
    forgetResults()
    var first: EnvironmentError?
    for lane in states.indices where held >> UInt64(lane) & 1 == 0 {
      let bit: UInt64 = 1 << UInt64(lane)
      do throws(EnvironmentError) {
        if (living & ~exceptional) & bit == 0 {
          try stepAlone(lane, actions)
        } else {
          try count(lane)
        }
      } catch {
        fail(lane, error)
        first = first ?? error
      }
    }
    if let first { throw first }
  }

  /// Begins the next episode in a lane, as ``Simulator/reset(_:in:)`` does. Where it fails, the lane does.
  func restart(_ lane: Int) {
    do throws(EnvironmentError) {
      try simulator.reset(&states[lane], in: alone)
      rewrite(lane)
    } catch {
      fail(lane, error)
    }
  }

  /// Moves the clock of a lane on by the step that it has taken; at the time limit the next episode begins.
  private func count(_ lane: Int) throws(EnvironmentError) {
    let (spec, bit) = (simulator.spec, 1 << UInt64(lane) as UInt64)
    for _ in 0..<spec.frameSkip { buffers.times[lane] += spec.timestep }
    buffers.steps[lane] += 1
    if buffers.steps[lane] >= spec.timeLimit {
      var result = result(lane)
      result.isTruncated = true
      keep(result, of: lane)
      if endsEpisodes {
        living &= ~bit
      } else {
        try simulator.reset(&states[lane], in: alone)
        rewrite(lane)
      }
    } else if buffers.outcomes[lane / 8].isTerminated[lane % 8] {
      read(lane)
      states[lane].hasEnded = true
      living &= ~bit
    }
  }

  /// Lets a step's time pass under the controls as they stand.
  ///
  /// - Returns: The wanted lanes that only MuJoCo can step.
  func advance(wanted: UInt64) -> UInt64 {
    for index in 0..<simulator.model.layout.nv {
      let row = memory.accelerations(index)
      for lane in 0..<laneCount {
        buffers.warmStart[index * laneCount + lane] = row[lane]
      }
    }
    _ = buffers.before.update(from: buffers.after)
    let exceptional = memory.step(simulator.spec.frameSkip, wanted: wanted)
    gather()
    gatherQuantities()
    return exceptional
  }

  /// Copies what a step has left of the declared quantities to ``LaneBuffers/after``.
  private func gatherQuantities() {
    let layout = simulator.model.layout
    for eight in 0..<laneCount / 8 {
      for index in 0..<layout.computedCount {
        buffers.after[place(ofQuantity: index, 8 * eight)] = memory.quantity(index).eight(eight)
      }
    }
  }

  /// The reward of a lane's step, and what became of its episode.
  package func summary(
    _ lane: Int
  ) -> (reward: Double, isTruncated: Bool, isSimulated: Bool, hasDiverged: Bool) {
    guard let result = special(lane) else {
      return (buffers.outcomes[lane / 8].reward[lane % 8], false, true, false)
    }
    return (result.reward, result.isTruncated, result.isSimulated, result.hasDiverged)
  }

  /// All of what a lane's step gave.
  package func result(_ lane: Int) -> StepResult {
    if let result = special(lane) { return result }
    let together = buffers.outcomes[lane / 8]
    var outcome = Outcome<Double>()
    for index in outcome.rewardTerms.indices {
      outcome.rewardTerms[index] = together.rewardTerms[index][lane % 8]
    }
    for index in outcome.infos.indices { outcome.infos[index] = together.infos[index][lane % 8] }
    outcome.reward = together.reward[lane % 8]
    outcome.isTerminated = together.isTerminated[lane % 8]
    return StepResult(outcome, names: alone.names)
  }

  /// The actions as controls, with their squared lengths in single precision.
  private func take(_ actions: [Float]) {
    let count = simulator.spec.actionCount
    for eight in buffers.squaredActions.indices {
      for index in 0..<count {
        var numbers = Numbers.zero
        for lane in 0..<8 { numbers[lane] = Double(actions[index * laneCount + 8 * eight + lane]) }
        buffers.controls[eight * count + index] = numbers
        let row = memory.controls(index) + 8 * eight
        for lane in 0..<8 { row[lane] = numbers[lane] }
      }
      for lane in 0..<8 {
        buffers.squaredActions[eight][lane] = Double(
          sumAsNumPy(count) { index in
            let number = actions[index * laneCount + 8 * eight + lane]
            return number * number
          })
      }
    }
  }

  private func outcome(_ eight: Int) -> Outcome<Numbers> {
    let count = simulator.spec.actionCount
    let controls = buffers.controls.baseAddress.map { UnsafePointer($0) + eight * count }
    return withView(of: buffers.before, eight) { before in
      withView(of: buffers.after, eight) { after in
        simulator.environment.outcomeTogether(
          of: Transition(
            from: before, to: after, action: StateRow(controls, count: count),
            squaredAction: buffers.squaredActions[eight], duration: simulator.spec.stepDuration))
      }
    }
  }

  /// The result that a lane's step has of its own.
  private func special(_ lane: Int) -> StepResult? {
    buffers.masks.pointee.special >> UInt64(lane) & 1 == 1 ? results[lane] : nil
  }

  func keep(_ result: StepResult, of lane: Int) {
    results[lane] = result
    buffers.masks.pointee.special |= 1 << UInt64(lane)
  }

  private func forgetResults() { buffers.masks.pointee.special = 0 }

  private func withView<Value>(
    of numbers: UnsafeMutableBufferPointer<Numbers>, _ eight: Int,
    _ body: (StateView<Numbers>) -> Value
  ) -> Value {
    let layout = simulator.model.layout
    let start = numbers.baseAddress.map { UnsafePointer($0) + eight * layout.viewCount }
    return body(
      StateView(
        qpos: StateRow(start, count: layout.nq),
        qvel: StateRow(start.map { $0 + layout.nq }, count: layout.nv),
        computed: StateRow(
          start.map { $0 + layout.nq + layout.nv }, count: layout.computedCount)))
  }
}
