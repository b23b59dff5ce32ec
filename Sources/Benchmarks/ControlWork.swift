import Envs
import Workers

/// A part of what is done in environments, window after window.
protocol ControlWork: AnyObject {
  /// Makes the next window ready and says which steps it takes.
  func prepare() throws -> [Trajectory]

  /// Takes them.
  func run() throws
}

/// An environment's steps to repeat.
struct Trajectory {
  var start: EnvironmentState
  /// The actions, one after the other.
  var actions: [Double] = []
}

/// Runs bare `mj_step`s on the same threads.
final class Floor {
  private let simulator: Simulator
  private let pool: WorkerPool
  private var scratches: [Scratch]

  init(_ simulator: Simulator, pool: WorkerPool) throws {
    self.simulator = simulator
    self.pool = pool
    scratches = try (0..<pool.threadCount).map { _ in try simulator.makeScratch() }
  }

  func run(_ trajectories: inout [Trajectory]) throws {
    try pool.update(&trajectories, scratches: &scratches) { [simulator] _, trajectory, scratch in
      try simulator.replay(trajectory.start, controls: trajectory.actions[...], in: scratch)
    }
  }
}
