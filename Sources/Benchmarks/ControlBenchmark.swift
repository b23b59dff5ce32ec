import Envs
import Estimators
import Parameters
import Randomness
package import Tasks
import Unrolls
import Workers

/// Speed of NRES training windows beside bare `mj_step` with the same states and actions.
package struct ControlBenchmark {
  /// What is measured.
  package struct Case: Codable, Hashable, Sendable {
    package var environment: String
    /// N
    package var particleCount: Int
    /// W
    package var windowLength: Int
    package var threads: Int

    package init(environment: String, particleCount: Int, windowLength: Int, threads: Int) {
      self.environment = environment
      self.particleCount = particleCount
      self.windowLength = windowLength
      self.threads = threads
    }
  }

  /// Medians over the windows.
  package struct Result: Codable, Hashable, Sendable {
    package var measured: Case
    /// Environment steps a second of bare `mj_step`.
    package var floor: Double
    /// Environment steps a second of training.
    package var training: Double
    /// Median over the windows of training's speed over the floor's.
    package var ratio: Double
    package var windows: Int
  }

  private let task: ControlTask
  private let measured: Case

  package init(_ task: ControlTask, measured: Case) {
    self.task = task
    self.measured = measured
  }

  /// Measures `windows` windows; within each the floor and training run one after the other, the
  /// order alternating.
  package func run(windows: Int) throws -> Result {
    let settings = EstimatorSettings(
      particleCount: measured.particleCount, windowLength: measured.windowLength,
      noisePeriod: task.horizon, sigma: 0.1, startsAtRandomSteps: false, burnInLength: 100)
    let theta = task.initialParameters(key: PRNGKey(seed: 1))
    let key = PRNGKey(seed: 23)
    let pool = WorkerPool(threadCount: measured.threads)
    let estimator = try BlockRuntime<PersistentBlock<ControlTask>>(
      EstimatorSetup(
        task, settings: settings, theta: theta,
        key: key, pool: pool))
    let recorder = try BlockRuntime<PersistentBlock<RecordingTask>>(
      EstimatorSetup(
        RecordingTask(task: task, windowLength: measured.windowLength), settings: settings,
        theta: theta,
        key: key, pool: pool))
    let floor = try Floor(task.simulator, pool: pool)

    var times: [(floor: Double, training: Double)] = []
    var keys = PRNGSequence(key)
    for window in 0...windows {
      let key = keys.next()
      let starts = recorder.blocks.map(\.motion)
      _ = try recorder.estimate(theta: theta, key: key)
      var replays = zip(starts, recorder.blocks).map { start, worker in
        Replay(
          positive: start.states[0].environment, negative: start.states[1].environment,
          positiveActions: worker.motion.states[0].actions[...],
          negativeActions: worker.motion.states[1].actions[...])
      }
      let train = { _ = try estimator.estimate(theta: theta, key: key) }
      let pair: (Double, Double)
      if window.isMultiple(of: 2) {
        let first = try seconds { try floor.run(&replays) }
        pair = (first, try seconds(train))
      } else {
        let first = try seconds(train)
        pair = (try seconds { try floor.run(&replays) }, first)
      }
      // The first window warms caches up.
      if window > 0 { times.append(pair) }
    }
    let steps = Double(2 * measured.particleCount * measured.windowLength)
    return Result(
      measured: measured, floor: steps / median(times.map(\.floor)),
      training: steps / median(times.map(\.training)),
      ratio: median(times.map { $0.floor / $0.training }), windows: windows)
  }
}

/// One particle's window to repeat.
private struct Replay {
  var positive: EnvironmentState
  var negative: EnvironmentState
  var positiveActions: ArraySlice<Double>
  var negativeActions: ArraySlice<Double>
}

/// Runs bare `mj_step`s on the same threads, split into the same pieces of work.
private final class Floor {
  private let simulator: Simulator
  private let pool: WorkerPool
  private var scratches: [Scratch]

  init(_ simulator: Simulator, pool: WorkerPool) throws {
    self.simulator = simulator
    self.pool = pool
    scratches = try (0..<pool.threadCount).map { _ in try simulator.makeScratch() }
  }

  func run(_ replays: inout [Replay]) throws {
    try pool.update(&replays, scratches: &scratches) { [simulator] _, replay, scratch in
      try simulator.replay(replay.positive, controls: replay.positiveActions, in: scratch)
      try simulator.replay(replay.negative, controls: replay.negativeActions, in: scratch)
    }
  }
}
