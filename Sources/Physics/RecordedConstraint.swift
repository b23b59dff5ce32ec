/// What is recorded of a limit or of a contact that may act.
struct RecordedConstraint {
  typealias Number = RecordedNumber

  /// It may act where this is less than ``bound``.
  let distance: Number
  let bound: Double
  private let stiffness: Number
  private let isRegular: Number
  private let rows: [ConstraintRows<Number>.Row]
  private let limit: (dof: Int, sign: Double)?

  init(
    _ candidate: LimitCandidate, _ limit: TreeModel.Limit, _ model: TreeModel,
    _ motion: Motion<Number>
  ) {
    let joint = model.joints[candidate.joint]
    distance = candidate.distance(limit, position: motion.positions[joint.position])
    bound = limit.margin
    let constraint = candidate.rows(
      model, limit, distance: distance, velocities: motion.velocities)
    stiffness = Self.only(distance, bound, constraint.stiffness)
    isRegular = Number(1)
    rows = constraint.rows
    self.limit = (joint.velocity, -candidate.side)
  }

  init(
    _ candidate: ContactCandidate, _ geometry: ContactGeometry<Number>, _ model: TreeModel,
    _ kinematics: Kinematics<Number>, _ motion: Motion<Number>
  ) {
    distance = geometry.premise ?? geometry.gap
    bound = geometry.premise == nil ? candidate.reach : smallest
    let (constraint, guards) = candidate.rows(
      model, kinematics, geometry, velocities: motion.velocities)
    stiffness = Self.only(geometry.gap, candidate.reach, constraint.stiffness)
    let least = (guards + geometry.contactGuards).reduce(Number(1)) {
      .select($0, lessThan: $1, $0, $1)
    }
    isRegular = .select(geometry.gap, lessThan: Number(candidate.reach), least, Number(1))
    rows = constraint.rows
    limit = nil
  }

  /// The stiffness where the constraint acts; 0 elsewhere, which takes its rows out.
  private static func only(_ distance: Number, _ bound: Double, _ stiffness: Number) -> Number {
    .select(distance, lessThan: Number(bound), stiffness, Number(0))
  }

  var outputs: [Number] {
    [stiffness, isRegular] + rows.map(\.reference)
      + (limit == nil ? rows.flatMap { $0.jacobian.compactMap { $0 } } : [])
  }

  /// Where all that is, read in the order of ``outputs``.
  func placed(
    section: Int, distance: Int, in reader: inout TapePlaces.Reader
  ) -> LaneProgram.Constraint {
    let (stiffness, isRegular) = (reader.take(), reader.take())
    let references = reader.take(rows.count)
    let placed = zip(rows, references).map { row, reference in
      LaneProgram.Row(
        limit: limit,
        jacobian: limit == nil
          ? row.jacobian.map { number in
            guard let number else { return -1 }
            let slot = reader.take()
            return number.constant == 0 ? -1 : slot
          } : [], reference: reference)
    }
    return LaneProgram.Constraint(
      section: section, distance: distance, bound: bound, stiffness: stiffness,
      isRegular: isRegular, rows: placed)
  }
}
