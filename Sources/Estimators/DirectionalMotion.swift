public import Unrolls

/// States of a block that move together with their derivatives along a direction each.
public struct DirectionalMotion<Task: DifferentiableTask>: Codable, Sendable {
  public private(set) var states: [Task.State]
  /// v: the direction in use, θ-rows.
  public private(set) var directions: [Float]
  /// ṡ, the states' derivatives along the directions that they met: rows of state values. 0 at the
  /// start of an episode, whose state does not depend on θ.
  public private(set) var tangents: [Float]

  /// Starts episodes and draws their first directions.
  init(_ window: DerivativeWindow<Task>, lane: inout DerivativeLane<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, lane: &lane)
    directions = window.particles.flatMap { window.direction(of: $0, from: window.keys.noise) }
    tangents = [Float](repeating: 0, count: states.count * window.task.valueCount)
  }

  /// Gives particle `index` of the block another direction.
  mutating func turn(_ index: Int, to direction: [Float]) {
    let first = index * direction.count
    for entry in direction.indices { directions[first + entry] = direction[entry] }
  }

  /// Forward mode through `count` steps from step `first` of the window on, at most to the first end
  /// of an episode, and adds losses and contributions L̇ · weight to `sum`.
  ///
  /// - Parameter weights: θ-rows.
  /// - Returns: The places of the particles whose episodes ended, which have been restarted.
  mutating func advance(
    _ window: DerivativeWindow<Task>, from first: Int, count: Int, weights: [Float]? = nil,
    into sum: inout DerivativeSum, lane: inout DerivativeLane<Task>
  ) throws -> [Int] {
    lane.reserve(steps: count)
    try window.task.pushForward(
      &states, tangents: &tangents, theta: window.theta, directions: directions, steps: count,
      keys: window.unrolls.dropping(first), particles: window.particles, losses: &lane.losses,
      lossTangents: &lane.lossTangents, in: &lane.scratch)
    let width = Task.blockSize
    sum.add(
      losses: lane.losses, steps: count, width: width, of: Array(window.particles.indices))
    sum.add(
      lossTangents: lane.lossTangents, steps: count, width: width,
      directions: weights ?? directions)
    let restarted = try window.restartFinished(&states, after: first + count - 1, lane: &lane)
    let valueCount = window.task.valueCount
    for index in restarted {
      for entry in 0..<valueCount { tangents[index * valueCount + entry] = 0 }
    }
    return restarted
  }
}
