import Distribution
import Estimators
import Foundation
import Optimizers
import Parameters
import Randomness
import Records
import Snapshots
import Synchronization
import Workers

extension TrainingLoop {
  /// What a run works with.
  struct Parts {
    var state: TrainingState
    var trajectory: ThetaTrajectoryWriter
    var log: RunLog
    /// Nil if the run was asked to end while they started.
    var microbatches: [any GradientEstimator]?
  }

  /// Opens the run's files, writes θ₀ and starts the particles; a run that cannot begin leaves nothing.
  ///
  /// From here on a model or robot that was given is the run's own copy.
  mutating func begin() throws -> Parts {
    var files: [String] = []
    do {
      var inputs = application.inputs
      if let model = plan.settings["model"] {
        let kept = try folder.keepModel(model, files: &files)
        inputs["model"] = kept.input
        application = try plan.with("model", kept.path).makeApplication()
      }
      if let robot = plan.settings.robotFile {
        let kept = try folder.keepRobot(robot, files: &files)
        inputs["robot"] = kept.input
        application = try plan.with("gym-env-name", kept.path).makeApplication()
      }
      let theta = try application.initialParameters(key: plan.initialKey)
      if plan.settings["rl-model-path"] != nil { inputs["theta"] = RunInput(of: theta) }
      let settings = plan.settings.withAbsolutePaths
      try folder.write(
        RunFolder.Configuration(
          settings: settings, nres: programVersion, mujoco: mujocoVersion,
          engine: application.engine, started: Date().formatted(.iso8601),
          inputs: inputs.isEmpty ? nil : inputs))
      files.append(folder.configurationPath)
      let trajectory = try ThetaTrajectoryWriter(
        path: folder.thetaPath, layout: application.layout, keeping: plan.keptIterations,
        metadata: application.thetaLabels.texts)
      files.append(folder.thetaPath)
      try trajectory.append(theta)
      try trajectory.synchronize()
      let log = try RunLog(folder, settings: settings, of: plan.application)
      files += log.paths
      var state = TrainingState(
        theta: theta, optimizer: plan.optimizer.makeOptimizer(count: theta.count),
        moments: application.moments(of: theta))
      state.progress.log = log.position
      try write(state, [], nil, log)
      files.append("\(folder.path)/\(CheckpointFiles.name)")
      status.begin(state.progress)
      files.append("\(folder.path)/\(RunStatus.name)")
      return Parts(
        state: state, trajectory: trajectory, log: log,
        microbatches: try startedMicrobatches(theta: theta))
    } catch {
      status.cancel()
      folder.discard(files)
      throw error
    }
  }

  /// Opens the run's files where a checkpoint has left them, and takes up its particles.
  mutating func goOn(from checkpoint: Checkpoint) throws -> Parts {
    var state = checkpoint.state
    do {
      let restored = try restored(checkpoint)
      if state.progress.evaluations != nil, state.progress.iteration < plan.iterations,
        state.progress.ending == nil
      {
        // No checkpoint may speak of rows that are cut off.
        state.progress.evaluations = nil
        for _ in 0..<2 {
          try Checkpoint(state, estimators: checkpoint.estimators)
            .write(to: folder.checkpoints, of: plan)
        }
      }
      let trajectory = try ThetaTrajectoryWriter(
        continuing: folder.thetaPath, layout: application.layout, keeping: plan.keptIterations,
        metadata: application.thetaLabels.texts, after: max(state.progress.iteration, 0),
        theta: state.theta)
      let log = try RunLog(
        folder, at: state.progress.evaluations?.log ?? state.progress.log,
        seconds: state.progress.seconds)
      status.begin(state.progress)
      let microbatches = try restored ?? startedMicrobatches(theta: state.theta)
      return Parts(state: state, trajectory: trajectory, log: log, microbatches: microbatches)
    } catch {
      status.end(.failed, because: "\(error)")
      folder.release()
      throw error
    }
  }

  /// The particles where a checkpoint left them; nil before they had started.
  private func restored(_ checkpoint: Checkpoint) throws -> [any GradientEstimator]? {
    if checkpoint.estimators.isEmpty { return nil }
    do {
      return try makeMicrobatches(
        theta: checkpoint.state.theta, states: checkpoint.estimators, pool: pool)
    } catch  where error is DecodingError || error is EstimatorError {
      // More processes than it has particles are nothing of the checkpoint's.
      if case EstimatorError.shares = error { throw error }
      throw RecordError(
        .dataError, folder.path, "its checkpoint is of a run with other settings: \(error)")
    }
  }

  /// Starts the particles and says so where they take steps for it.
  private func startedMicrobatches(theta: [Float]) throws -> [any GradientEstimator]? {
    let done = Mutex(0)
    // Safe: threads report one after the other, while this one waits for them.
    nonisolated(unsafe) let loop = self
    var pool = pool
    let processes = pool.exchange?.count ?? 1
    let all = plan.estimatorSettings.particleCount * plan.microbatches
    if plan.estimator.isStepUnlocked {
      reportUnderWay(started: 0)
      pool.didStart = { count in
        try done.withLock {
          try loop.folder.checkIsInPlace()
          // Other processes have begun about as many.
          $0 = min($0 + count * processes, all)
          loop.reportUnderWay(started: $0)
        }
      }
    }
    do {
      return try makeMicrobatches(
        theta: theta, states: [Snapshot?](repeating: nil, count: plan.microbatches), pool: pool)
    } catch is CancellationError {
      return nil
    }
  }

  /// - Parameter started: Particles that have run their first episode; nil once iteration 0 is evaluated.
  func reportUnderWay(started: Int? = nil) {
    let count = plan.estimatorSettings.particleCount * plan.microbatches
    report(
      TrainingProgress(
        iteration: 0, iterations: plan.iterations, stepsPerSecond: 0, seconds: 0,
        isEvaluating: started == nil, burnIn: started.map { ($0, count) }, isUnderWay: true))
  }

  /// - Parameter states: Where they go on; nil for those that start.
  private func makeMicrobatches(
    theta: [Float], states: [Snapshot?], pool: WorkerPool
  ) throws -> [any GradientEstimator] {
    let (key, _) = PRNGKey(seed: plan.remainingSeed).split()
    return try states.enumerated().map { index, state in
      let key = key.split(plan.microbatches, at: index)
      guard let exchange = pool.exchange else {
        return try application.makeEstimator(
          plan, theta: theta, key: key, pool: pool, state: state, share: nil)
      }
      return try SharedEstimator(index, theta: theta, key: key, state: state, exchange: exchange) {
        try application.makeEstimator(
          plan, theta: theta, key: key, pool: pool, state: state, share: $0)
      }
    }
  }
}
