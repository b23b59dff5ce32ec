import Estimators
import Parameters
import Randomness
import Tasks
import Workers

/// Windows of NRES.
final class TrainingWork: ControlWork {
  private let theta: [Float]
  private let estimator: BlockRuntime<PersistentBlock<ControlTask>>
  /// The same without lanes, which remembers the actions.
  private let recorder: BlockRuntime<PersistentBlock<RecordingTask>>
  private var keys: PRNGSequence
  private var key: PRNGKey

  init(_ task: ControlTask, _ measured: ControlBenchmark.Case, pool: WorkerPool) throws {
    let settings = EstimatorSettings(
      particleCount: measured.particleCount, windowLength: measured.windowLength,
      noisePeriod: task.horizon, sigma: 0.1, startsAtRandomSteps: false, burnInLength: 100)
    theta = task.initialParameters(key: PRNGKey(seed: 1))
    key = PRNGKey(seed: 23)
    keys = PRNGSequence(key)
    estimator = try BlockRuntime(
      EstimatorSetup(task, settings: settings, theta: theta, key: key, pool: pool))
    recorder = try BlockRuntime(
      EstimatorSetup(
        RecordingTask(task: task, windowLength: measured.windowLength), settings: settings,
        theta: theta, key: key, pool: pool))
  }

  func prepare() throws -> [Trajectory] {
    key = keys.next()
    let starts = recorder.blocks.flatMap(\.motion.states)
    _ = try recorder.estimate(theta: theta, key: key)
    return zip(starts, recorder.blocks.flatMap(\.motion.states)).map { start, end in
      Trajectory(start: start.environment, actions: end.actions)
    }
  }

  func run() throws { _ = try estimator.estimate(theta: theta, key: key) }
}
