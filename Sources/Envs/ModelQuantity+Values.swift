import CMuJoCo

extension ModelQuantity {
  /// How many numbers it is in a model.
  func count(in sizes: MuJoCoSizes) -> Int {
    switch self {
    case .bodyPosition, .sitePosition, .massCentre: 3
    case .bodyInertias: 10 * Int(sizes.nbody)
    case .bodyVelocities, .contactForces: 6 * Int(sizes.nbody)
    case .actuatorForces, .constraintForces: Int(sizes.nv)
    }
  }

  /// The body or site that a model does not have; nil where nothing is missing.
  func nameMissing(in model: OpaquePointer) -> String? {
    switch self {
    case .bodyPosition(let name): mujoco_body(model, name) < 0 ? "body '\(name)'" : nil
    case .sitePosition(let name): mujoco_site(model, name) < 0 ? "site '\(name)'" : nil
    default: nil
    }
  }

  /// Where the last evaluation of the dynamics left it; nil for the mass centre, which it did not.
  func place(in simulation: MuJoCoScratch) -> UnsafePointer<Double>? {
    switch self {
    case .bodyPosition(let name):
      simulation.xpos + 3 * Int(mujoco_body(simulation.model, name))
    case .sitePosition(let name):
      simulation.site_xpos + 3 * Int(mujoco_site(simulation.model, name))
    case .massCentre: nil
    case .bodyInertias: simulation.cinert
    case .bodyVelocities: simulation.cvel
    case .actuatorForces: simulation.qfrc_actuator
    case .constraintForces: simulation.qfrc_constraint
    case .contactForces: simulation.cfrc_ext
    }
  }
}

extension Scratch {
  /// Σ mass · position over Σ mass, body by body.
  func massCentre(along axis: Int) -> Double {
    let (mass, position) = (simulation.pointee.body_mass, simulation.pointee.xipos)
    let bodies = Int(model.sizes.nbody)
    var sum = 0.0
    for body in 0..<bodies { sum += mass[body] * position[3 * body + axis] }
    return sum / sumAsNumPy(bodies) { mass[$0] }
  }
}
