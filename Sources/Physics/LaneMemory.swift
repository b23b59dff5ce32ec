import CPhysics

/// A thread's memory to step environments side by side: 8, 16 or 32 of them, a lane each.
///
/// A quantity is a row of doubles, one a lane. Write positions, velocities, accelerations (the warm
/// start) and controls, step, and read the same rows.
package final class LaneMemory {
  package let program: LaneProgram
  package let laneCount: Int
  private let slots: UnsafeMutablePointer<Double>
  private let plan, workspace: UnsafeMutableRawPointer
  /// The constraints that act in any lane.
  private var acting: [Int] = []

  package init(_ program: LaneProgram, laneCount: Int) {
    precondition([8, 16, 32].contains(laneCount), "8, 16 or 32 lanes")
    self.program = program
    self.laneCount = laneCount
    // One more: a slot that is 0 in every lane.
    let count = (program.tape.slotCount + 1) * laneCount
    slots = .allocate(aligned: count)
    slots.initialize(repeating: 0, count: count)
    (plan, workspace) = program.makePlan(laneCount: laneCount)
  }

  deinit {
    slots.deallocate()
    plan.deallocate()
    workspace.deallocate()
  }

  private func row(_ slot: Int) -> UnsafeMutablePointer<Double> { slots + slot * laneCount }

  /// The lanes' values of a position, and so on.
  package func positions(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(program.inputs.positions + index)
  }
  package func velocities(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(program.inputs.velocities + index)
  }
  package func accelerations(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(program.inputs.accelerations + index)
  }
  package func controls(_ index: Int) -> UnsafeMutablePointer<Double> {
    row(program.inputs.controls + index)
  }

  /// Takes simulation steps in all lanes.
  ///
  /// - Parameter wanted: The lanes that count (bit l).
  /// - Returns: Those of them that only MuJoCo can step, whose rows are then worth nothing.
  package func step(_ count: Int, wanted: UInt64) -> UInt64 {
    var failed: UInt64 = 0
    for _ in 0..<count {
      failed |= takeStep(wanted: wanted & ~failed)
      if failed == wanted { break }
    }
    return failed & wanted
  }

  private func takeStep(wanted: UInt64) -> UInt64 {
    let (inputs, model) = (program.inputs, program.model)
    let (nq, nv) = (model.positionCount, model.velocityCount)
    var failed = evaluate(wanted: wanted)
    if model.integrator == .rungeKutta {
      copy(inputs.positions, to: inputs.start.positions, count: nq)
      copy(inputs.velocities, to: inputs.start.velocities, count: nv)
      for (stage, found) in inputs.stages.enumerated() {
        copy(inputs.velocities, to: found.velocities, count: nv)
        copy(inputs.accelerations, to: found.accelerations, count: nv)
        move(by: program.integration.stages[stage < 2 ? 0 : 1])
        failed |= evaluate(wanted: wanted & ~failed)
      }
    }
    let step = program.integration.step
    move(by: step)
    if let extent = step.extent { failed |= ~less(extent, largest) }
    if let isRegular = step.isRegular { failed |= less(isRegular, smallest) }
    return failed
  }

  /// The accelerations at the positions and velocities as they stand.
  private func evaluate(wanted: UInt64) -> UInt64 {
    program.tape.play(section: 0, on: slots, lanes: laneCount)
    var failed = less(program.isRegular, smallest)
    acting.removeAll(keepingCapacity: true)
    for (index, constraint) in program.constraints.enumerated() {
      guard less(constraint.distance, constraint.bound) & wanted != 0 else { continue }
      program.tape.play(section: constraint.section, on: slots, lanes: laneCount)
      failed |= less(constraint.isRegular, smallest)
      acting.append(index)
    }
    let (nv, inputs) = (program.model.velocityCount, program.inputs)
    if acting.isEmpty {
      for dof in 0..<nv {
        row(inputs.accelerations + dof).update(
          from: row(program.smoothAcceleration[dof]), count: laneCount)
      }
      row(inputs.constraintForces).update(repeating: 0, count: nv * laneCount)
    } else {
      var next = 0
      for (index, constraint) in program.constraints.enumerated() {
        if next < acting.count, acting[next] == index {
          next += 1
        } else {
          row(constraint.stiffness).update(repeating: 0, count: laneCount)
        }
      }
      failed |= cphysics_newton(plan, slots, wanted & ~failed, workspace)
    }
    return failed
  }

  /// Plays a section that gives positions and velocities, and goes there.
  private func move(by section: LaneProgram.Integration.Section) {
    program.tape.play(section: section.index, on: slots, lanes: laneCount)
    for (index, slot) in section.positions.enumerated() {
      copy(slot, to: program.inputs.positions + index, count: 1)
    }
    for (index, slot) in section.velocities.enumerated() {
      copy(slot, to: program.inputs.velocities + index, count: 1)
    }
  }

  private func copy(_ slot: Int, to other: Int, count: Int) {
    row(other).update(from: row(slot), count: count * laneCount)
  }

  private func less(_ slot: Int, _ bound: Double) -> UInt64 {
    cphysics_less(row(slot), bound, Int32(laneCount))
  }
}

extension UnsafeMutablePointer<Double> {
  /// Memory that begins at a multiple of 64 bytes.
  fileprivate static func allocate(aligned count: Int) -> Self {
    UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
      .bindMemory(to: Double.self, capacity: count)
  }
}
