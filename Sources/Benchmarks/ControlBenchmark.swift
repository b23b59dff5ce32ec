package import Envs
package import Tasks
import Workers

/// Speed of what is done in an environment beside bare `mj_step` with the same states and actions.
package struct ControlBenchmark {
  package enum Part: String, Codable, Sendable {
    /// The steps alone, with random actions or a trained policy's.
    case physics
    /// Windows of NRES.
    case training
    /// Whole episodes under a policy.
    case evaluation
  }

  /// What is measured.
  package struct Case: Codable, Hashable, Sendable {
    package var environment: String
    /// What steps it: lanes or MuJoCo.
    package var engine: PhysicsEngine
    package var part: Part
    /// N: environments, or pairs of them in training.
    package var particleCount: Int
    /// W: the steps of each.
    package var windowLength: Int
    package var threads: Int
    /// Whether a trained policy acts.
    package var isTrained: Bool
  }

  /// Medians over the windows, of the steps that were really taken.
  package struct Result: Codable, Hashable, Sendable {
    package var measured: Case
    /// Environment steps a second of bare `mj_step`.
    package var floor: Double
    /// Environment steps a second of what is measured.
    package var speed: Double
    /// Median over the windows of the speed over the floor's.
    package var ratio: Double
    /// How many of the windows' steps MuJoCo took for a lane.
    package var exceptions: Int
    package var windows: Int
  }

  private let task: ControlTask
  let measured: Case

  package init(
    _ task: ControlTask, _ part: Part, particleCount: Int, windowLength: Int, threads: Int
  ) {
    self.task = task
    measured = Case(
      environment: task.simulator.spec.id, engine: task.simulator.engine, part: part,
      particleCount: particleCount, windowLength: windowLength, threads: threads,
      isTrained: task.givenParameters != nil)
  }

  /// Measures `windows` windows in which anything goes on; within each the floor and the work run one
  /// after the other, the order alternating.
  package func run(windows: Int) throws -> Result {
    let pool = WorkerPool(threadCount: measured.threads)
    let floor = try Floor(task.simulator, pool: pool)
    let work: any ControlWork =
      switch measured.part {
      case .physics: try PhysicsWork(task, measured, pool: pool)
      case .training: try TrainingWork(task, measured, pool: pool)
      case .evaluation: try EvaluationWork(task, measured, pool: pool)
      }
    var times: [(steps: Double, floor: Double, work: Double)] = []
    var exceptions = 0
    var window = 0
    while window <= windows {
      var trajectories = try work.prepare()
      let before = task.simulator.exceptionCount
      let actions = trajectories.reduce(0) { $0 + $1.actions.count }
      if actions == 0 {
        try work.run()
        continue
      }
      var pair = (
        steps: Double(actions / task.simulator.spec.actionCount), floor: 0.0, work: 0.0
      )
      for isFloor in window.isMultiple(of: 2) ? [true, false] : [false, true] {
        if isFloor {
          pair.floor = try seconds { try floor.run(&trajectories) }
        } else {
          pair.work = try seconds { try work.run() }
        }
      }
      window += 1
      // The first window warms caches up.
      if window == 1 { continue }
      times.append(pair)
      exceptions += task.simulator.exceptionCount - before
    }
    return Result(
      measured: measured, floor: median(times.map { $0.steps / $0.floor }),
      speed: median(times.map { $0.steps / $0.work }),
      ratio: median(times.map { $0.floor / $0.work }),
      exceptions: exceptions, windows: windows)
  }
}
