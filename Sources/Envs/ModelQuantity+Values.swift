import CMuJoCo

extension ModelQuantity {
  /// How many numbers it is in a model.
  func count(in model: OpaquePointer) -> Int {
    let sizes = mujoco_sizes(model)
    return switch self {
    case .bodyPosition, .sitePosition, .massCentre: 3
    case .bodyInertias: 10 * Int(sizes.nbody)
    case .bodyVelocities, .contactForces: 6 * Int(sizes.nbody)
    case .actuatorForces, .constraintForces: Int(sizes.nv)
    case .sensor(let name): sensorRow("sensor_dim", name, model)
    }
  }

  private func sensorRow(_ field: String, _ name: String, _ model: OpaquePointer) -> Int {
    let index = Int(mujoco_index(model, .sensor, name))
    let values = ModelFields(pointer: model).values(field)
    return values.indices.contains(index) ? Int(values[index]) : 0
  }

  /// The body, site or sensor that a model does not have; nil where nothing is missing.
  func nameMissing(in model: OpaquePointer) -> String? {
    let (kind, word, name): (MuJoCoKind, String, String)
    switch self {
    case .bodyPosition(let body): (kind, word, name) = (.body, "body", body)
    case .sitePosition(let site): (kind, word, name) = (.site, "site", site)
    case .sensor(let sensor): (kind, word, name) = (.sensor, "sensor", sensor)
    default: return nil
    }
    return mujoco_index(model, kind, name) < 0 ? "\(word) '\(name)'" : nil
  }

  /// Where the last evaluation of the dynamics left it; nil for the mass centre, which it did not.
  func place(in simulation: MuJoCoScratch) -> UnsafePointer<Double>? {
    switch self {
    case .bodyPosition(let name):
      simulation.xpos + 3 * Int(mujoco_index(simulation.model, .body, name))
    case .sitePosition(let name):
      simulation.site_xpos + 3 * Int(mujoco_index(simulation.model, .site, name))
    case .massCentre: nil
    case .bodyInertias: simulation.cinert
    case .bodyVelocities: simulation.cvel
    case .actuatorForces: simulation.qfrc_actuator
    case .constraintForces: simulation.qfrc_constraint
    case .contactForces: simulation.cfrc_ext
    case .sensor(let name):
      simulation.sensordata + sensorRow("sensor_adr", name, simulation.model)
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
