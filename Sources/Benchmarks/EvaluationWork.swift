import Envs
import Parameters
import Randomness
import Tasks
import Unrolls
import Workers

/// Whole episodes under a policy, the same ones in every window.
final class EvaluationWork: ControlWork {
  private let task: ControlTask
  private let pool: WorkerPool
  private let theta: [Float]
  private let key = PRNGKey(seed: 23)
  private var trajectories: [Trajectory]

  init(_ task: ControlTask, _ measured: ControlBenchmark.Case, pool: WorkerPool) throws {
    self.task = task
    self.pool = pool
    let noise = task.layout.noise(key: PRNGKey(seed: 2), sigma: 0.1)
    let theta =
      task.givenParameters
      ?? zip(task.initialParameters(key: PRNGKey(seed: 1)), noise).map { $0 + $1 }
    self.theta = theta
    let first = ControlTask.evaluationSeed(key: key)
    var scratches = try (0..<pool.threadCount).map { _ in try task.makeScratch() }
    let scratch = try task.simulator.makeScratch()
    trajectories = try (0..<measured.particleCount).map { episode in
      let seed = ControlTask.seed(ofEpisode: episode, from: first)
      return Trajectory(start: try task.simulator.reset(seed: seed, in: scratch))
    }
    try pool.update(&trajectories, scratches: &scratches) { _, trajectory, scratch in
      var state = trajectory.start
      var hasEnded = false
      while !hasEnded {
        hasEnded = try task.act(&state, theta: theta, in: &scratch).hasEnded
        trajectory.actions += scratch.action.map { Double($0) }
      }
    }
  }

  func prepare() -> [Trajectory] { trajectories }

  func run() throws {
    _ = try task.episodeReturns(
      theta: theta, key: key, episodes: trajectories.count, pool: pool)
  }
}
