/// Runs the dynamics on recorded numbers and keeps where everything is found afterwards.
struct Recording {
  typealias Number = RecordedNumber

  private let recorder = Recorder()
  let tape: TapeProgram
  let inputs: LaneProgram.Inputs
  let constraints: [LaneProgram.Constraint]
  let main: (mass: [Int], force: [Int], acceleration: [Int], isRegular: Int)
  let integration: LaneProgram.Integration
  let quantities: [Int]

  init(_ model: TreeModel, _ read: [LaneQuantity]) {
    var inputs = RecordedInputs(recorder)
    let motion = Motion(
      positions: inputs.take(model.positionCount), velocities: inputs.take(model.velocityCount))
    let controls = inputs.take(model.controlCount)
    let accelerations = inputs.take(model.velocityCount)
    let constraintForces = inputs.take(model.velocityCount)
    let start = Motion(
      positions: inputs.take(model.positionCount), velocities: inputs.take(model.velocityCount))
    let stages = (0..<3).map { _ in
      (
        velocities: inputs.take(model.velocityCount),
        accelerations: inputs.take(model.velocityCount)
      )
    }
    self.inputs = inputs.places(model)

    var sections: [[Number]] = [[]]
    func section(_ outputs: [Number]) -> Int {
      sections.append(outputs)
      return sections.count - 1
    }
    let dynamics = SmoothDynamics(
      model, positions: motion.positions, velocities: motion.velocities, controls: controls)
    var guards = dynamics.pivots
    var candidates: [RecordedConstraint] = []
    for candidate in model.limits {
      guard let limit = model.joints[candidate.joint].limit else { continue }
      candidates.append(RecordedConstraint(candidate, limit, model, motion))
    }
    for candidate in model.contacts {
      let geometry = candidate.geometry(model, dynamics.kinematics)
      guards += geometry.guards
      candidates.append(
        RecordedConstraint(candidate, geometry, model, dynamics.kinematics, motion))
    }
    let positions = read.compactMap { dynamics.kinematics.position($0)?.numbers }
    sections[0] =
      dynamics.mass.values + dynamics.force + dynamics.acceleration
      + candidates.map(\.distance) + [least(of: guards)] + positions.joined()
    let constraintSections = candidates.map { section($0.outputs) }

    let integrated = RecordedIntegration(
      model, dynamics, motion, start, stages, accelerations, constraintForces, controls)
    let stageSections = integrated.stages.map { section($0.positions + $0.velocities) }
    let stepSection = section(
      integrated.step.positions + integrated.step.velocities + [
        integrated.extent, least(of: integrated.pivots),
      ])

    tape = TapeProgram(recorder, sections: sections)
    let places = TapePlaces(tape)
    var reader = places.reader(of: 0)
    main.mass = reader.take(model.massCount)
    main.force = reader.take(model.velocityCount)
    main.acceleration = reader.take(model.velocityCount)
    let distances = reader.take(candidates.count)
    main.isRegular = reader.take()
    let forces = self.inputs.constraintForces
    quantities = read.flatMap { quantity in
      switch quantity {
      case .bodyPosition, .sitePosition: reader.take(3)
      case .constraintForces: Array(forces..<forces + model.velocityCount)
      }
    }
    constraints = zip(candidates.indices, constraintSections).map { index, section in
      var reader = places.reader(of: section)
      return candidates[index].placed(
        section: section, distance: distances[index], in: &reader)
    }
    integration = LaneProgram.Integration(
      stages: stageSections.map {
        var reader = places.reader(of: $0)
        return .init(
          index: $0, positions: reader.take(model.positionCount),
          velocities: reader.take(model.velocityCount))
      },
      step: {
        var reader = places.reader(of: stepSection)
        return .init(
          index: stepSection, positions: reader.take(model.positionCount),
          velocities: reader.take(model.velocityCount), extent: reader.take(),
          isRegular: reader.take())
      }())
  }
}

extension Kinematics {
  /// Nil for what is no position.
  fileprivate func position(_ quantity: LaneQuantity) -> Vector? {
    switch quantity {
    case .bodyPosition(let body): bodies[body].position
    case .sitePosition(let site): sites[site]
    case .constraintForces: nil
    }
  }
}

/// The least of some numbers; 1 where there is none or it is greater.
private func least(of numbers: [RecordedNumber]) -> RecordedNumber {
  numbers.reduce(RecordedNumber(1)) { .select($0, lessThan: $1, $0, $1) }
}

/// Inputs in the order in which they are asked for, one slot after the other.
private struct RecordedInputs {
  private let recorder: Recorder

  init(_ recorder: Recorder) { self.recorder = recorder }

  mutating func take(_ count: Int) -> [RecordedNumber] {
    (0..<count).map { _ in recorder.input() }
  }

  /// Where they are.
  func places(_ model: TreeModel) -> LaneProgram.Inputs {
    var next = 0
    func place(_ count: Int) -> Int {
      defer { next += count }
      return next
    }
    let (nq, nv) = (model.positionCount, model.velocityCount)
    return LaneProgram.Inputs(
      positions: place(nq), velocities: place(nv), controls: place(model.controlCount),
      accelerations: place(nv), constraintForces: place(nv), start: (place(nq), place(nv)),
      stages: place(6 * nv))
  }
}

/// Reads a section's outputs in order.
struct TapePlaces {
  private let tape: TapeProgram

  init(_ tape: TapeProgram) { self.tape = tape }

  struct Reader {
    fileprivate let tape: TapeProgram
    fileprivate let section: Int
    private var next = 0

    fileprivate init(_ tape: TapeProgram, _ section: Int) {
      (self.tape, self.section) = (tape, section)
    }

    mutating func take() -> Int {
      defer { next += 1 }
      return tape.output(next, ofSection: section).slot
    }

    mutating func take(_ count: Int) -> [Int] { (0..<count).map { _ in take() } }
  }

  func reader(of section: Int) -> Reader { Reader(tape, section) }
}
