/// Springs, dampers and the fluid's drag on each dof.
func passiveForces<Number: DynamicsNumber>(
  _ model: TreeModel, _ kinematics: Kinematics<Number>, _ velocities: BodyVelocities<Number>,
  _ positions: [Number], _ rates: [Number]
) -> [Number] {
  var forces = [Number](repeating: Number(0), count: model.dofs.count)
  for joint in model.joints where joint.orientation == nil {
    let stretch = positions[joint.position] - Number(joint.springReference)
    forces[joint.velocity] = forces[joint.velocity] - Number(joint.stiffness) * stretch
  }
  for (index, dof) in model.dofs.enumerated() {
    forces[index] = forces[index] - Number(dof.damping) * rates[index]
  }
  guard model.viscosity > 0 || model.density > 0 else { return forces }
  for (index, body) in model.bodies.enumerated().dropFirst() where body.mass >= smallest {
    let frame = kinematics.inertial[index]
    let offset = frame.position - kinematics.centers[body.root]
    let back = frame.axes.transposed
    // In the frame of the principal axes, against the fluid.
    let velocity = velocities.bodies[index]
    let angular = back * velocity.angular
    let linear =
      back * (velocity.linear - offset.cross(velocity.angular)) - back * Vector3(model.wind)
    let drag = FluidBox(body, model).drag(angular: angular, linear: linear)
    let (torque, force) = (frame.axes * drag.angular, frame.axes * drag.linear)
    let pushes = kinematics.jacobian(model, of: frame.position, on: index)
    for (dof, push) in pushes.enumerated() {
      guard let push else { continue }
      let turn = kinematics.motions[dof].angular
      forces[dof] = forces[dof] + push.dot(force)
      forces[dof] = forces[dof] + turn.dot(torque)
    }
  }
  return forces
}

/// The box with a body's mass and inertia, by which MuJoCo judges a fluid's drag (its
/// documentation, *Computation*, "Inertia model").
struct FluidBox {
  /// The forces per velocity, and per velocity squared.
  private let viscous: (angular: Double, linear: Double)
  private let quadratic: (angular: [Double], linear: [Double])

  init(_ body: TreeModel.Body, _ model: TreeModel) {
    let inertia = body.inertia
    func side(_ a: Int, _ b: Int, _ own: Int) -> Double {
      (max(smallest, inertia[a] + inertia[b] - inertia[own]) / body.mass * 6).squareRoot()
    }
    let box = [side(1, 2, 0), side(0, 2, 1), side(0, 1, 2)]
    let (density, viscosity) = (model.density, model.viscosity)
    let diameter = (box[0] + box[1] + box[2]) / 3
    viscous = (
      -Double.pi * diameter * diameter * diameter * viscosity, -3 * Double.pi * diameter * viscosity
    )
    func fourth(_ side: Double) -> Double { side * side * side * side }
    quadratic = (
      [
        density * box[0] * (fourth(box[1]) + fourth(box[2])),
        density * box[1] * (fourth(box[0]) + fourth(box[2])),
        density * box[2] * (fourth(box[0]) + fourth(box[1])),
      ],
      [
        0.5 * density * box[1] * box[2], 0.5 * density * box[0] * box[2],
        0.5 * density * box[0] * box[1],
      ]
    )
  }

  /// The torque and the force of the fluid in the frame of the box.
  func drag<Number: DynamicsNumber>(
    angular: Vector3<Number>, linear: Vector3<Number>
  ) -> SpatialVector<Number> {
    func turn(_ rate: Number, _ axis: Int) -> Number {
      rate * Number(viscous.angular)
        - Number(quadratic.angular[axis]) * rate.magnitude * rate / Number(64)
    }
    func push(_ speed: Number, _ axis: Int) -> Number {
      speed * Number(viscous.linear) - Number(quadratic.linear[axis]) * speed.magnitude * speed
    }
    return SpatialVector(
      angular: Vector3(turn(angular.x, 0), turn(angular.y, 1), turn(angular.z, 2)),
      linear: Vector3(push(linear.x, 0), push(linear.y, 1), push(linear.z, 2)))
  }
}
