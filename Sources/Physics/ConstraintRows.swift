/// One or more rows of the constraints' Jacobian that come and go together: a limit's one, or those
/// of a contact.
struct ConstraintRows<Number: DynamicsNumber> {
  struct Row {
    /// ∂(constraint velocity)/∂q̇ of each dof; nil where it is 0.
    var jacobian: [Number?]
    /// What the constraint wants to be accelerated by (efc_aref in MuJoCo).
    var reference: Number
  }

  var rows: [Row]
  /// Of each row (efc_D in MuJoCo).
  var stiffness: Number
}

/// One side of a joint's range.
struct LimitCandidate {
  var joint: Int
  /// −1: the lower end, 1: the upper one.
  var side: Double

  /// From the limit, negative beyond it. The limit acts where this is less than its margin.
  func distance<Number: DynamicsNumber>(
    _ limit: TreeModel.Limit, position: Number
  ) -> Number {
    let distance = Number(side < 0 ? limit.range.lowerBound : limit.range.upperBound) - position
    return side < 0 ? -distance : distance
  }

  func rows<Number: DynamicsNumber>(
    _ model: TreeModel, _ limit: TreeModel.Limit, distance: Number, velocities: [Number]
  ) -> ConstraintRows<Number> {
    let dof = model.joints[joint].velocity
    let excess = distance - Number(limit.margin)
    let impedance = limit.softness.impedance(at: excess)
    let velocity = side < 0 ? velocities[dof] : -velocities[dof]
    var jacobian = [Number?](repeating: nil, count: model.dofs.count)
    jacobian[dof] = Number(-side)
    return ConstraintRows(
      rows: [
        .init(
          jacobian: jacobian,
          reference: limit.softness.reference(
            velocity: velocity, impedance: impedance, excess: excess))
      ],
      stiffness: Number(1)
        / regularization(impedance, inverseInertia: model.dofs[dof].inverseWeight))
  }
}

extension ContactCandidate {
  /// A row along the normal without friction; with friction the four edges of a pyramid.
  func rows<Number: DynamicsNumber>(
    _ model: TreeModel, _ kinematics: Kinematics<Number>, _ geometry: ContactGeometry<Number>,
    velocities: [Number]
  ) -> (rows: ConstraintRows<Number>, guards: [Number]) {
    let bodies = (model.geoms[geoms.first].body, model.geoms[geoms.second].body)
    let first = kinematics.jacobian(model, of: geometry.position, on: bodies.0)
    let second = kinematics.jacobian(model, of: geometry.position, on: bodies.1)
    let approach = zip(first, second).map { pair -> Vector3<Number>? in
      switch pair {
      case (nil, let moving): moving
      case (let moving?, nil): .zero - moving
      case (let one?, let other?): other - one
      }
    }
    let normal = geometry.normal.normalized()
    var guards = [normal.length]
    let along = approach.map { $0.map(normal.direction.dot) }
    let excess = geometry.distance - Number(reach)
    let impedance = softness.impedance(at: excess)
    let push = model.bodies[bodies.0].inverseWeight + model.bodies[bodies.1].inverseWeight
    func row(_ jacobian: [Number?]) -> ConstraintRows<Number>.Row {
      .init(
        jacobian: jacobian,
        reference: softness.reference(
          velocity: groupedDot(jacobian, velocities), impedance: impedance, excess: excess))
    }
    if dimensions == 1 {
      let softening = regularization(impedance, inverseInertia: push)
      return (ConstraintRows(rows: [row(along)], stiffness: Number(1) / softening), guards)
    }
    let (tangents, tangentGuard) = tangents(to: normal.direction, near: geometry.tangent)
    guards.append(tangentGuard)
    var rows: [ConstraintRows<Number>.Row] = []
    for (tangent, friction) in zip([tangents.0, tangents.1], [friction.0, friction.1]) {
      let sideways = approach.map { $0.map(tangent.dot) }
      for coefficient in [friction, -friction] {
        rows.append(
          row(
            zip(along, sideways).map { along, sideways in
              guard let along, let sideways else { return nil }
              return along + sideways * Number(coefficient)
            }))
      }
    }
    // All edges share the softening that gives the pyramid the cone's force along the normal.
    let one = regularization(
      impedance, inverseInertia: push + friction.0 * friction.0 * push)
    let mu =
      model.impedanceRatio == 1
      ? Number(friction.0)
      : Number(friction.0)
        * ((one / Number(max(smallest, model.impedanceRatio))) / one).squareRoot()
    return (
      ConstraintRows(rows: rows, stiffness: Number(1) / (Number(2) * mu * mu * one)), guards
    )
  }

  /// Two directions along the surface, and a number that must not come near 0.
  private func tangents<Number: DynamicsNumber>(
    to normal: Vector3<Number>, near tangent: Vector3<Number>
  ) -> (directions: (Vector3<Number>, Vector3<Number>), guard: Number) {
    var start = tangent
    if case .planeCapsule = shape {
    } else {
      let (zero, one, half) = (Number(0), Number(1), Number(0.5))
      let isAcross: Number = .select(
        normal.y, lessThan: half, .select(Number(-0.5), lessThan: normal.y, one, zero), zero)
      start = Vector3(zero, isAcross, one - isAcross)
    }
    let (first, length) = (start - normal * normal.dot(start)).normalized()
    return ((first, normal.cross(first)), length)
  }
}

extension Softness {
  /// The acceleration of a damped spring.
  func reference<Number: DynamicsNumber>(
    velocity: Number, impedance: Number, excess: Number
  ) -> Number {
    -(Number(damping) * velocity) - Number(stiffness) * impedance * excess
  }
}

/// R of MuJoCo's documentation: how much a constraint gives way to a force.
private func regularization<Number: DynamicsNumber>(
  _ impedance: Number, inverseInertia: Double
) -> Number {
  let value = (Number(1) - impedance) * Number(inverseInertia) / impedance
  return .select(value, lessThan: Number(smallest), Number(smallest), value)
}

/// The sum of products in MuJoCo's order: four running sums by position, then the last few.
/// An entry that is nil counts as 0.
func groupedDot<Number: DynamicsNumber>(_ left: [Number?], _ right: [Number]) -> Number {
  func product(_ index: Int) -> Number { left[index].map { $0 * right[index] } ?? Number(0) }
  let grouped = left.count / 4 * 4
  var sums = [Number](repeating: Number(0), count: 4)
  for index in 0..<grouped { sums[index % 4] = sums[index % 4] + product(index) }
  var total = (sums[0] + sums[2]) + (sums[1] + sums[3])
  if grouped < left.count {
    total =
      total + (grouped + 1..<left.count).reduce(product(grouped)) { $0 + product($1) }
  }
  return total
}
