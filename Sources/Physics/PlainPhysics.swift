/// One environment's physics on plain numbers: the whole step, to be read beside a textbook. It has
/// the bits of MuJoCo's `mj_step`.
package struct PlainPhysics {
  let model: TreeModel

  package init(_ model: TreeModel) { self.model = model }

  /// What a simulation step starts from.
  package struct State: Equatable, Sendable {
    package var positions, velocities: [Double]
    /// The last accelerations, where the solver begins.
    package var warmStart: [Double]

    package init(positions: [Double], velocities: [Double], warmStart: [Double]) {
      self.positions = positions
      self.velocities = velocities
      self.warmStart = warmStart
    }
  }

  /// One step; nil where the state is one that only MuJoCo can take: a capsule upright on the floor,
  /// numbers out of range.
  package func step(_ state: State, controls: [Double]) -> State? {
    let start = Motion(positions: state.positions, velocities: state.velocities)
    guard var evaluation = evaluate(start, controls, state.warmStart) else { return nil }
    let end: Motion<Double>
    var accelerations = [evaluation.solution.acceleration]
    switch model.integrator {
    case .euler:
      let (acceleration, pivots) = model.dampedAcceleration(
        evaluation.dynamics, constraintForce: evaluation.solution.constraintForce,
        acceleration: evaluation.solution.acceleration)
      guard pivots.allSatisfy({ $0 >= smallest }) else { return nil }
      end = model.eulerStep(from: start, acceleration: acceleration)
    case .rungeKutta:
      var velocities = [start.velocities]
      for stage in 1...3 {
        let motion = model.rungeKuttaStage(
          stage, from: start, velocity: velocities[stage - 1],
          acceleration: accelerations[stage - 1])
        guard let next = evaluate(motion, controls, accelerations[stage - 1]) else { return nil }
        evaluation = next
        velocities.append(motion.velocities)
        accelerations.append(next.solution.acceleration)
      }
      end = model.rungeKuttaStep(
        from: start, velocities: velocities, accelerations: accelerations)
    }
    guard end.extent(accelerations + [model.unboundedControls(controls)]) < largest else {
      return nil
    }
    return State(
      positions: end.positions, velocities: end.velocities,
      warmStart: evaluation.solution.acceleration)
  }

  private struct Evaluation {
    var dynamics: SmoothDynamics<Double>
    var solution: NewtonSolver.Solution
  }

  private func evaluate(
    _ motion: Motion<Double>, _ controls: [Double], _ warmStart: [Double]
  ) -> Evaluation? {
    let dynamics = SmoothDynamics(
      model, positions: motion.positions, velocities: motion.velocities, controls: controls)
    guard dynamics.pivots.allSatisfy({ $0 >= smallest }) else { return nil }
    guard let constraints = constraints(motion, dynamics.kinematics) else { return nil }
    let rows = constraints.flatMap { group in
      group.rows.map { (row: $0, stiffness: group.stiffness) }
    }
    let solver = NewtonSolver(
      mass: dynamics.mass, force: dynamics.force, smoothAcceleration: dynamics.acceleration,
      jacobian: rows.map { $0.row.jacobian.map { $0 ?? 0 } },
      stiffness: rows.map(\.stiffness), reference: rows.map(\.row.reference),
      options: model.solver)
    return Evaluation(dynamics: dynamics, solution: solver.solve(warmStart: warmStart))
  }

  /// The limits and contacts that act, in order; nil where one is degenerate.
  private func constraints(
    _ motion: Motion<Double>, _ kinematics: Kinematics<Double>
  ) -> [ConstraintRows<Double>]? {
    var result: [ConstraintRows<Double>] = []
    for candidate in model.limits {
      guard let limit = model.joints[candidate.joint].limit else { continue }
      let position = motion.positions[model.joints[candidate.joint].position]
      let distance = candidate.distance(limit, position: position)
      guard distance < limit.margin else { continue }
      result.append(
        candidate.rows(model, limit, distance: distance, velocities: motion.velocities))
    }
    for candidate in model.contacts {
      let geometry = candidate.geometry(model, kinematics)
      guard geometry.guards.allSatisfy({ $0 >= smallest }) else { return nil }
      guard geometry.gap < candidate.reach else { continue }
      let (rows, guards) = candidate.rows(
        model, kinematics, geometry, velocities: motion.velocities)
      guard (guards + geometry.contactGuards).allSatisfy({ $0 >= smallest }) else { return nil }
      result.append(rows)
    }
    return result
  }
}

extension TreeModel {
  /// Every end of a joint's range, in MuJoCo's order.
  var limits: [LimitCandidate] {
    joints.indices.filter { joints[$0].limit != nil }.flatMap {
      [LimitCandidate(joint: $0, side: -1), LimitCandidate(joint: $0, side: 1)]
    }
  }
}
