/// Positions and velocities of a model.
struct Motion<Number: DynamicsNumber> {
  var positions, velocities: [Number]

  /// On by a time with a rate of change of both.
  func advanced(_ model: TreeModel, velocity: [Number], acceleration: [Number]) -> Motion {
    let duration = Number(model.timestep)
    var result = self
    for (index, dof) in velocities.enumerated() {
      result.velocities[index] = dof + acceleration[index] * duration
    }
    for joint in model.joints {
      let translations = joint.kind == .free ? 3 : joint.kind == .ball ? 0 : 1
      for index in 0..<translations {
        result.positions[joint.position + index] =
          positions[joint.position + index] + duration * velocity[joint.velocity + index]
      }
      guard let place = joint.orientation else { continue }
      // An evaluation of the dynamics has normalized it.
      let orientation = Quaternion(of: positions, at: place).normalized()
        .turned(
          Vector3(of: velocity, at: joint.velocity + translations), for: duration)
      result.positions.replaceSubrange(place..<place + 4, with: orientation.numbers)
    }
    return result
  }
}

extension Motion {
  /// The sum of all magnitudes here and in `accelerations`: where it is less than ``largest`` MuJoCo
  /// finds nothing amiss.
  func extent(_ accelerations: [[Number]]) -> Number {
    (positions + velocities + accelerations.joined()).reduce(Number(0)) { $0 + $1.magnitude }
  }
}

/// What positions, velocities and accelerations must not exceed.
let largest = 1e10

extension TreeModel {
  /// The accelerations that Euler's method goes on with: damping is taken at the step's end, which
  /// means to solve (M + h·B) q̈ = forces.
  func dampedAcceleration<Number: DynamicsNumber>(
    _ dynamics: SmoothDynamics<Number>, constraintForce: [Number], acceleration: [Number]
  ) -> (acceleration: [Number], pivots: [Number]) {
    guard dofs.contains(where: { $0.damping > 0 }) else { return (acceleration, []) }
    let forces = zip(dynamics.force, constraintForce).map { $0 + $1 }
    let (factors, pivots) = dynamics.mass.damped().factorized()
    return (factors.solve(forces), pivots)
  }

  /// Euler's method: positions follow the new velocities.
  func eulerStep<Number: DynamicsNumber>(
    from motion: Motion<Number>, acceleration: [Number]
  ) -> Motion<Number> {
    var next = motion.advanced(self, velocity: motion.velocities, acceleration: acceleration)
    next.positions =
      motion.advanced(self, velocity: next.velocities, acceleration: acceleration)
      .positions
    return next
  }

  /// Where the next stage of the classical Runge–Kutta method looks: a part of the time step along
  /// what the last stage found.
  func rungeKuttaStage<Number: DynamicsNumber>(
    _ stage: Int, from start: Motion<Number>, velocity: [Number], acceleration: [Number]
  ) -> Motion<Number> {
    let part = Number(stage == 3 ? 1 : 0.5)
    return start.advanced(
      self, velocity: velocity.map { $0 * part }, acceleration: acceleration.map { $0 * part })
  }

  /// The step along the weighted mean of the four stages.
  func rungeKuttaStep<Number: DynamicsNumber>(
    from start: Motion<Number>, velocities: [[Number]], accelerations: [[Number]]
  ) -> Motion<Number> {
    let weights = [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6]
    func mean(_ stages: [[Number]]) -> [Number] {
      stages[0].indices.map { index in
        (1..<4).reduce(stages[0][index] * Number(weights[0])) {
          $0 + stages[$1][index] * Number(weights[$1])
        }
      }
    }
    return start.advanced(
      self, velocity: mean(velocities), acceleration: mean(accelerations))
  }
}
