/// What is recorded of the way from accelerations to the next state.
struct RecordedIntegration {
  typealias Number = RecordedNumber

  /// Of the classical Runge–Kutta method: half a step on, a whole step.
  let stages: [Motion<Number>]
  let step: Motion<Number>
  let extent: Number
  let pivots: [Number]

  init(
    _ model: TreeModel, _ dynamics: SmoothDynamics<Number>, _ motion: Motion<Number>,
    _ start: Motion<Number>, _ found: [(velocities: [Number], accelerations: [Number])],
    _ accelerations: [Number], _ constraintForces: [Number], _ controls: [Number]
  ) {
    let unbounded = model.unboundedControls(controls)
    switch model.integrator {
    case .euler:
      let damped = model.dampedAcceleration(
        dynamics, constraintForce: constraintForces, acceleration: accelerations)
      stages = []
      step = model.eulerStep(from: motion, acceleration: damped.acceleration)
      extent = step.extent([accelerations, unbounded])
      pivots = damped.pivots
    case .rungeKutta:
      stages = [1, 3].map {
        model.rungeKuttaStage(
          $0, from: start, velocity: motion.velocities, acceleration: accelerations)
      }
      let all = found.map(\.accelerations) + [accelerations]
      step = model.rungeKuttaStep(
        from: start, velocities: found.map(\.velocities) + [motion.velocities],
        accelerations: all)
      extent = step.extent(all + [unbounded])
      pivots = []
    }
  }
}
