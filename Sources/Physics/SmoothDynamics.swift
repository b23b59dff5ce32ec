/// The dynamics without constraints: M·q̈ = passive forces − bias + motors.
struct SmoothDynamics<Number: DynamicsNumber> {
  let kinematics: Kinematics<Number>
  let mass: MassMatrix<Number>
  /// Of each dof: force (qfrc_smooth in MuJoCo) and acceleration (qacc_smooth).
  let force, acceleration: [Number]
  /// What must stay clear of 0 for the results to hold.
  let pivots: [Number]

  init(_ model: TreeModel, positions: [Number], velocities: [Number], controls: [Number]) {
    kinematics = Kinematics(model, positions: positions)
    mass = MassMatrix(model, kinematics)
    let bodies = BodyVelocities(model, kinematics, velocities)
    let passive = passiveForces(model, kinematics, bodies, positions, velocities)
    let bias = bodies.biasForces(model, kinematics, velocities)
    let motors = motorForces(model, controls)
    force = model.dofs.indices.map { passive[$0] - bias[$0] + motors[$0] }
    let (factors, pivots) = mass.factorized()
    self.pivots = pivots + kinematics.lengths
    acceleration = factors.solve(force)
  }
}

/// What the motors exert on each dof.
private func motorForces<Number: DynamicsNumber>(
  _ model: TreeModel, _ controls: [Number]
) -> [Number] {
  var forces = [Number](repeating: Number(0), count: model.dofs.count)
  for (index, motor) in model.motors.enumerated() {
    let control = controls[index].clamped(to: motor.controlRange)
    let force = (Number(motor.gain) * control).clamped(to: motor.forceRange)
    forces[motor.dof] = forces[motor.dof] + Number(motor.gear) * force
  }
  return forces
}

extension TreeModel {
  /// The controls that nothing bounds: too large a one MuJoCo takes for an error.
  func unboundedControls<Number: DynamicsNumber>(_ controls: [Number]) -> [Number] {
    motors.indices.filter { motors[$0].controlRange == nil }.map { controls[$0] }
  }
}

extension DynamicsNumber {
  fileprivate func clamped(to range: ClosedRange<Double>?) -> Self {
    guard let range else { return self }
    let (least, most) = (Self(range.lowerBound), Self(range.upperBound))
    return .select(self, lessThan: least, least, .select(most, lessThan: self, most, self))
  }
}
