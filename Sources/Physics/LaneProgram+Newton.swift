import CPhysics

extension LaneProgram {
  /// What the solver wants to know of the model and of all rows that may act, and its workspace; both
  /// are the caller's.
  func makePlan(
    laneCount: Int, generation: Generation
  ) -> (plan: UnsafeMutableRawPointer, workspace: UnsafeMutableRawPointer) {
    let parents = model.dofs.map { Int32($0.parent) }
    let simple: [Int32] = model.dofs.map { $0.constantInertia == nil ? 0 : 1 }
    let accelerations = model.dofs.indices.map { Int32(inputs.accelerations + $0) }
    return withArrays([
      parents, simple, mass.map(Int32.init), smoothForce.map(Int32.init),
      smoothAcceleration.map(Int32.init), accelerations,
    ]) { arrays in
      var solver = cphysics_newton_model(
        dof_count: Int32(model.velocityCount), iterations: Int32(model.solver.iterations),
        tolerance: model.solver.tolerance, mean_inertia: model.solver.meanInertia,
        zero: Int32(tape.slotCount), parent: arrays[0], simple: arrays[1], mass: arrays[2],
        smooth_force: arrays[3], smooth_acceleration: arrays[4], warm_start: arrays[5],
        acceleration: Int32(inputs.accelerations),
        constraint_force: Int32(inputs.constraintForces))
      let rows = constraints.flatMap { constraint in constraint.rows.map { (constraint, $0) } }
      return withArrays(rows.map { $0.1.jacobian.map(Int32.init) }) { jacobians in
        let described = zip(rows, jacobians).map { row, jacobian in
          cphysics_row(
            dof: Int32(row.1.limit?.dof ?? -1), sign: row.1.limit?.sign ?? 0, jacobian: jacobian,
            stiffness: Int32(row.0.stiffness), reference: Int32(row.1.reference))
        }
        let size = cphysics_newton_plan_size(&solver, Int32(described.count))
        let plan = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        cphysics_newton_make_plan(
          plan, &solver, described, Int32(described.count), Int32(laneCount))
        let workspace = generation.code.newton_workspace(plan)
        return (plan, .allocate(byteCount: workspace, alignment: 64))
      }
    }
  }
}

/// Calls `body` with pointers to arrays that stay where they are.
private func withArrays<Result>(
  _ arrays: [[Int32]], _ body: ([UnsafePointer<Int32>]) -> Result
) -> Result {
  let flat: [Int32] = Array(arrays.joined()) + [0]
  return flat.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
    var first = 0
    return body(
      arrays.map { array in
        defer { first += array.count }
        return base + first
      })
  }
}
