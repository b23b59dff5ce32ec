import Envs
import Randomness
import Tasks
import Workers

/// Lanes alone, under random actions or those of a trained policy.
final class PhysicsWork: ControlWork {
  /// As many lanes as in training.
  private static let laneCount = LaneScratch.mostLanes

  /// Environments that go side by side.
  private struct Group {
    var states: [EnvironmentState]
    /// A row of lanes for each number of each step's action.
    var controls: [Double]
  }

  private let task: ControlTask
  private let actionCount, windowLength: Int
  private let pool: WorkerPool
  private var scratches: [LaneScratch]
  private var groups: [Group] = []
  private var generator = PCG64(seed: 5)

  /// - Precondition: The simulator has lanes.
  init(_ task: ControlTask, _ measured: ControlBenchmark.Case, pool: WorkerPool) throws {
    let simulator = task.simulator
    (self.task, self.pool) = (task, pool)
    (actionCount, windowLength) = (simulator.spec.actionCount, measured.windowLength)
    scratches = try (0..<pool.threadCount).map { _ in
      guard let scratch = try simulator.makeLaneScratch(laneCount: Self.laneCount) else {
        preconditionFailure("asked of a simulator with lanes")
      }
      return scratch
    }
    let scratch = try simulator.makeScratch()
    let size = actionCount * windowLength * Self.laneCount
    for first in stride(from: 0, to: measured.particleCount, by: Self.laneCount) {
      let seeds = first..<min(first + Self.laneCount, measured.particleCount)
      groups.append(
        Group(
          states: try seeds.map { try simulator.reset(seed: UInt32($0), in: scratch) },
          controls: [Double](repeating: 0, count: size)))
    }
  }

  func prepare() throws -> [Trajectory] {
    try groups.indices.flatMap { group in
      for index in groups[group].controls.indices {
        groups[group].controls[index] = Double(Float(generator.uniform(-1, 1)))
      }
      if let theta = task.givenParameters { try act(theta, in: &groups[group]) }
      return groups[group].states.enumerated().map { lane, state in
        let places = stride(from: lane, to: groups[group].controls.count, by: Self.laneCount)
        return Trajectory(start: state, actions: places.map { groups[group].controls[$0] })
      }
    }
  }

  /// The policy's actions from where the environments are, in place of others.
  private func act(_ theta: [Float], in group: inout Group) throws {
    var scratch = try task.makeScratch()
    for (lane, start) in group.states.enumerated() {
      var state = start
      for step in 0..<windowLength {
        _ = try task.act(&state, theta: theta, in: &scratch)
        for (index, action) in scratch.action.enumerated() {
          group.controls[(step * actionCount + index) * Self.laneCount + lane] = Double(action)
        }
      }
    }
  }

  func run() throws {
    try pool.update(&groups, scratches: &scratches) { _, group, scratch in
      try scratch.replay(&group.states, controls: group.controls)
    }
  }
}
