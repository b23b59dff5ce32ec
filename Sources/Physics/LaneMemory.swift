import CPhysics

/// A thread's memory to step environments side by side: 8, 16 or 32 of them, a lane each.
///
/// A quantity is a row of doubles, one a lane. Write positions, velocities, accelerations (the warm
/// start) and controls, step, and read the same rows.
///
/// All that a step looks at lies in constants and in memory of its own, so that nothing is counted or
/// checked on the way.
package final class LaneMemory {
  package let program: LaneProgram
  package let laneCount: Int
  private let generation: cphysics_generation
  private let slots: UnsafeMutablePointer<Double>
  private let plan, workspace: UnsafeMutableRawPointer
  private let player: TapePlayer
  private let (positionCount, velocityCount): (Int, Int)
  private let isRungeKutta: Bool
  private let inputs: LaneProgram.Inputs
  private let candidates: UnsafeMutableBufferPointer<Candidate>
  private let smoothAccelerations: UnsafeMutableBufferPointer<Int>
  private let quantities: (first: Int, count: Int)

  /// A limit or a contact that may act.
  private struct Candidate {
    var section, distance, stiffness, isRegular: Int
    var bound: Double
    var acts = false
  }

  package init(_ program: LaneProgram, laneCount: Int, generation: Generation = .chosen) {
    precondition([8, 16, 32].contains(laneCount), "8, 16 or 32 lanes")
    self.program = program
    self.laneCount = laneCount
    self.generation = generation.code
    // One more, a slot that is 0 in every lane, then what is read.
    let count = (program.tape.slotCount + 1 + program.quantities.count) * laneCount
    slots = UnsafeMutableRawPointer.allocate(byteCount: 8 * count, alignment: 64)
      .bindMemory(to: Double.self, capacity: count)
    slots.initialize(repeating: 0, count: count)
    (plan, workspace) = program.makePlan(laneCount: laneCount, generation: generation)
    player = TapePlayer(program.tape, lanes: laneCount, generation: generation)
    (positionCount, velocityCount) = (program.positionCount, program.velocityCount)
    quantities = (program.tape.slotCount + 1, program.quantities.count)
    isRungeKutta = program.model.integrator == .rungeKutta
    inputs = program.inputs
    candidates = .allocate(capacity: program.constraints.count)
    _ = candidates.initialize(
      from: program.constraints.map {
        Candidate(
          section: $0.section, distance: $0.distance, stiffness: $0.stiffness,
          isRegular: $0.isRegular, bound: $0.bound)
      })
    smoothAccelerations = .allocate(capacity: velocityCount)
    _ = smoothAccelerations.initialize(from: program.smoothAcceleration)
  }

  deinit {
    slots.deallocate()
    plan.deallocate()
    workspace.deallocate()
    candidates.deallocate()
    smoothAccelerations.deallocate()
  }

  private func row(_ slot: Int) -> UnsafeMutablePointer<Double> { slots + slot * laneCount }

  /// The lanes' values of a position, and so on.
  package func positions(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(inputs.positions + index)
  }
  package func velocities(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(inputs.velocities + index)
  }
  package func accelerations(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(inputs.accelerations + index)
  }
  package func controls(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(inputs.controls + index)
  }

  /// The lanes' values of the quantities that the program has, number by number, as the last step's last
  /// evaluation of the dynamics left them.
  package func quantity(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(quantities.first + index)
  }

  /// Takes simulation steps in all lanes.
  ///
  /// - Parameter wanted: The lanes that count (bit l).
  /// - Returns: Those of them that only MuJoCo can step, whose rows are then worth nothing.
  package func step(_ count: Int, wanted: UInt64) -> UInt64 {
    var left = wanted
    for _ in 0..<count where left != 0 { left &= ~takeStep(wanted: left) }
    return wanted & ~left
  }

  private func takeStep(wanted: UInt64) -> UInt64 {
    var failed = evaluate(wanted: wanted)
    if isRungeKutta {
      copy(inputs.positions, to: inputs.start.positions, count: positionCount)
      copy(inputs.velocities, to: inputs.start.velocities, count: velocityCount)
      for stage in 0..<3 {
        let found = inputs.stages + 2 * stage * velocityCount
        copy(inputs.velocities, to: found, count: velocityCount)
        copy(inputs.accelerations, to: found + velocityCount, count: velocityCount)
        move(by: program.integration.stages[stage < 2 ? 0 : 1])
        failed |= evaluate(wanted: wanted & ~failed)
      }
    }
    for index in 0..<quantities.count {
      clearSigns(program.quantities[index], to: quantities.first + index)
    }
    let step = program.integration.step
    move(by: step)
    if let extent = step.extent { failed |= ~less(extent, largest) }
    if let isRegular = step.isRegular { failed |= less(isRegular, smallest) }
    return failed
  }

  /// The accelerations at the positions and velocities as they stand.
  private func evaluate(wanted: UInt64) -> UInt64 {
    player.play(section: 0, on: slots)
    var failed = less(program.isRegular, smallest)
    var isConstrained = false
    for index in candidates.indices {
      let candidate = candidates[index]
      let acts = less(candidate.distance, candidate.bound) & wanted != 0
      candidates[index].acts = acts
      guard acts else { continue }
      isConstrained = true
      player.play(section: candidate.section, on: slots)
      failed |= less(candidate.isRegular, smallest)
    }
    if isConstrained {
      for candidate in candidates where !candidate.acts {
        row(candidate.stiffness).update(repeating: 0, count: laneCount)
      }
      failed |= generation.newton(plan, slots, wanted & ~failed, workspace)
    } else {
      row(inputs.constraintForces).update(repeating: 0, count: velocityCount * laneCount)
    }
    for dof in 0..<velocityCount {
      let acceleration = inputs.accelerations + dof
      clearSigns(isConstrained ? acceleration : smoothAccelerations[dof], to: acceleration)
    }
    return failed
  }

  /// Plays a section that gives positions and velocities, and goes there.
  private func move(by section: LaneProgram.Integration.Section) {
    player.play(section: section.index, on: slots)
    for index in 0..<positionCount {
      copy(section.positions[index], to: inputs.positions + index, count: 1)
    }
    for index in 0..<velocityCount {
      copy(section.velocities[index], to: inputs.velocities + index, count: 1)
    }
  }

  /// Copies a slot with 0 for −0: MuJoCo's forces and places are sums that begin with 0, which what is recorded
  /// has lost.
  private func clearSigns(_ slot: Int, to other: Int) {
    let (source, target) = (row(slot), row(other))
    for lane in 0..<laneCount { target[lane] = source[lane] + 0 }
  }

  private func copy(_ slot: Int, to other: Int, count: Int) {
    row(other).update(from: row(slot), count: count * laneCount)
  }

  private func less(_ slot: Int, _ bound: Double) -> UInt64 {
    generation.less(row(slot), bound, Int32(laneCount))
  }
}
