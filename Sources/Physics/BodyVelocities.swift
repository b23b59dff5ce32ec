/// How bodies move, and the forces that their motion alone takes.
struct BodyVelocities<Number: DynamicsNumber> {
  typealias Spatial = SpatialVector<Number>

  /// Of each body; and of each dof, how its motion changes as it is carried along.
  let bodies, motionRates: [Spatial]

  init(_ model: TreeModel, _ kinematics: Kinematics<Number>, _ velocities: [Number]) {
    var bodies = [Spatial.zero]
    var rates: [Spatial] = []
    for body in model.bodies.dropFirst() {
      var velocity = bodies[body.parent]
      for dofs in model.joints[body.joints].flatMap(\.movements) {
        rates += dofs.map { velocity.crossMotion(kinematics.motions[$0]) }
        let own = dofs.map { kinematics.motions[$0] * velocities[$0] }
        velocity = velocity + own.dropFirst().reduce(own[0]) { $0 + $1 }
      }
      bodies.append(velocity)
    }
    (self.bodies, motionRates) = (bodies, rates)
  }

  /// Gravity, Coriolis and centrifugal forces on each dof, by Newton and Euler from the root to the
  /// leaves and back (Featherstone, ch. 5).
  func biasForces(
    _ model: TreeModel, _ kinematics: Kinematics<Number>, _ velocities: [Number]
  ) -> [Number] {
    var accelerations = [
      Spatial(angular: .zero, linear: Vector3(model.gravity.map { -$0 }))
    ]
    var forces = [Spatial.zero]
    for (index, body) in model.bodies.enumerated().dropFirst() {
      let own = body.dofs.map { motionRates[$0] * velocities[$0] }
      let change = own.dropFirst().reduce(own.first ?? .zero) { $0 + $1 }
      accelerations.append(accelerations[body.parent] + change)
      guard let inertia = kinematics.inertias[index] else { continue }
      let velocity = bodies[index]
      forces.append(inertia * accelerations[index] + velocity.crossForce(inertia * velocity))
    }
    for (index, body) in model.bodies.enumerated().reversed() where body.parent > 0 {
      forces[body.parent] = forces[body.parent] + forces[index]
    }
    return model.dofs.enumerated().map { index, dof in
      kinematics.motions[index].dot(forces[dof.body])
    }
  }
}
