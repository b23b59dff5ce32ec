public import Unrolls

/// States of a block that move together with their derivatives along a direction each.
public struct DirectionalMotion<Task: DifferentiableTask>: ParticleMotion {
  public private(set) var states: [Task.State]
  /// ṡ, the states' derivatives along the directions that they met: rows of state values. 0 at the
  /// start of an episode, whose state does not depend on θ.
  public private(set) var tangents: [Float]

  public static var particleCount: Int { Task.blockSize }
  public static var summedParticles: Int? { Task.summedParticles }
  /// Directions are v ~ N(0, I).
  public static var noiseDeviation: Double? { 1 }

  public init(
    _ window: Window<Task>, at start: EpisodeStart, in workspace: inout Workspace<Task>
  ) throws {
    states = try window.start(at: start, in: &workspace)
    tangents = [Float](repeating: 0, count: states.count * window.task.valueCount)
  }

  public func use(
    _ directions: [[Float]], of particles: [Int], _ window: WindowFrame,
    in workspace: inout Workspace<Task>
  ) {
    let width = window.theta.count
    if workspace.directions.count != directions.count * width {
      workspace.directions = [Float](repeating: 0, count: directions.count * width)
    }
    for particle in particles {
      let direction = directions[particle]
      for entry in 0..<width { workspace.directions[particle * width + entry] = direction[entry] }
    }
  }

  /// The multiplier of each step is L̇, the loss's derivative along the direction.
  public mutating func advance(
    _ window: Window<Task>, from step: Int, steps: Int, into sum: inout BlockSum,
    in workspace: inout Workspace<Task>
  ) throws {
    workspace.reserve(steps: steps)
    try window.task.pushForward(
      &states, tangents: &tangents, theta: window.theta, directions: workspace.directions,
      steps: steps, keys: window.unrolls.dropping(step), particles: Array(window.particles),
      losses: &workspace.losses.values, lossTangents: &workspace.lossTangents.values,
      in: &workspace.scratch)
    window.note(workspace, into: &sum.totals)
    sum.add(rows: workspace.lossTangents)
    let valueCount = window.task.valueCount
    for index in try window.restartFinished(&states, after: step + steps - 1, in: &workspace) {
      for entry in 0..<valueCount { tangents[index * valueCount + entry] = 0 }
    }
  }
}
