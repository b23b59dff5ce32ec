import Distribution
import Estimators
import Foundation
import Optimizers
import Parameters
import Randomness
import Records
import Snapshots
package import Workers

/// The outer loop: estimates the gradient, updates θ, evaluates and writes everything down.
///
/// Iteration 0 only saves and evaluates θ₀; iterations 1 … n update. From time to time, and at its end,
/// a run leaves a ``Checkpoint``, from which it goes on with the numbers of a run that never stopped.
package struct TrainingLoop {
  /// What a power cut can lose of the logs at most, besides the iteration it comes in.
  private static let synchronizationPeriod = Duration.seconds(30)
  /// An update that takes longer may be abandoned: what it changes is copied before it.
  private static let longUpdate = 0.02

  let plan: TrainingPlan
  var application: any Application
  let pool: WorkerPool
  let folder: RunFolder
  let checkpoint: Checkpoint?
  let shouldStop: () -> Bool
  let stopReason: () -> String?
  var report: (TrainingProgress) -> Void
  let status: RunStatusWriter

  /// - Parameters:
  ///   - checkpoint: Where the run goes on; nil for one that begins.
  ///   - pool: When its `cancellation` asks for the end, what is being computed is thrown away.
  ///   - shouldStop: Asked after each iteration, and before each evaluation that follows training.
  ///   - stopReason: What asked for the end, for the run's status.
  ///   - report: Called after each iteration.
  package init(
    _ plan: TrainingPlan, application: any Application, folder: RunFolder,
    checkpoint: Checkpoint? = nil, pool: WorkerPool,
    shouldStop: @escaping () -> Bool = { false },
    stopReason: @escaping () -> String? = { nil },
    report: @escaping (TrainingProgress) -> Void = { _ in }
  ) {
    self.plan = plan
    self.application = application
    self.pool = pool
    self.folder = folder
    self.checkpoint = checkpoint
    self.shouldStop = shouldStop
    self.stopReason = stopReason
    self.report = report
    status = RunStatusWriter(
      folder, iterations: plan.iterations, headline: type(of: application).headline)
  }

  /// Runs to the last iteration or until asked to stop.
  package func run() throws -> TrainingResult {
    var loop = self
    loop.report = { [status, report] in
      status.note($0)
      report($0)
    }
    let parts = try checkpoint.map { try loop.goOn(from: $0) } ?? loop.begin()
    do {
      let result = try loop.run(parts)
      status.end(result, because: stopReason())
      folder.release()
      return result
    } catch {
      let wasStopped = error is CancellationError
      status.end(
        wasStopped ? .stopped : .failed, because: wasStopped ? stopReason() : "\(error)")
      // What cannot be tidied up is left to the command that next opens the run.
      if (try? parts.trajectory.close()) != nil { folder.release() }
      throw error
    }
  }

  private func run(_ parts: Parts) throws -> TrainingResult {
    let (trajectory, log) = (parts.trajectory, parts.log)
    var state = parts.state
    guard let microbatches = parts.microbatches else {
      try trajectory.close()
      return result(state, log, leftEvaluations: plan.evaluation.time != .never)
    }
    if state.progress.iteration < 0 {
      state.progress.firstSteps = microbatches.reduce(0) { $0 + $1.environmentSteps }
      state.progress.firstSimulated = microbatches.reduce(0) { $0 + $1.simulatedSteps }
    }
    var leftEvaluations = false
    var isLong = true
    /// Whether the estimators are where the last iteration left them.
    var isWhole = true
    var clock = IterationClock(state.progress)
    var checkpoints = CheckpointClock(plan.checkpointPeriod)
    var pace = Pace()
    var synchronized = ContinuousClock.now
    let first = state.progress.iteration + (state.progress.pending == nil ? 1 : 0)
    var chain = IterationKeys.Chain(remainingSeed: plan.remainingSeed)
    chain.skip(first)
    for iteration in stride(from: first, through: state.lastIteration(of: plan), by: 1) {
      guard let keys = chain.next() else { break }
      var news = News()
      if let pending = state.progress.pending {
        (news.scalars, news.meanLoss) = (pending.scalars, pending.meanLoss)
        state.progress.pending = nil
      } else {
        if iteration > 0 {
          if isLong { for estimator in microbatches { estimator.keepState() } }
          do {
            let update = try GradientUpdate(
              of: microbatches, theta: state.theta, key: keys.update)
            isLong = update.seconds > Self.longUpdate
            apply(update, of: iteration, to: &state, news: &news)
            for case let shared as SharedEstimator in microbatches { pace.add(shared.pace) }
            news.slowest = pace.slowest
          } catch is CancellationError {
            isWhole = isLong
            for estimator in microbatches { estimator.goBack() }
            break
          }
          for estimator in microbatches { estimator.forgetState() }
          try trajectory.add(state.theta, of: iteration)
        }
        state.progress.iteration = iteration
        count(microbatches, in: &state, news: &news)
      }
      try trajectory.checkIsInPlace()
      var evaluation: [Scalar] = []
      if plan.evaluation.time == .during, plan.evaluation.includes(iteration) {
        if iteration == 0 { reportUnderWay() }
        do {
          evaluation = try application.evaluation(plan, of: state.theta, keys: keys, pool: pool)
          state.progress.note(evaluation, of: iteration, headline, plan.earlyEnd)
          state.progress.ending = plan.earlyEnd.ending(after: state.progress.record)
        } catch is CancellationError {
          leftEvaluations = true
          state.progress.pending = TrainingState.Pending(
            scalars: news.scalars, meanLoss: news.meanLoss)
        }
      }
      let found = Divergence(
        iteration: iteration, meanLoss: news.meanLoss, theta: state.theta,
        evaluation: evaluation.first)
      news.divergence = state.progress.divergence == nil ? found : nil
      state.progress.divergence = state.progress.divergence?.including(found) ?? found
      if found != nil && plan.onNonFinite == .stop { state.progress.ending = .diverged }
      if iteration.isMultiple(of: plan.logEvery) || !evaluation.isEmpty || found != nil {
        try log.write(news.scalars + evaluation, iteration: iteration)
      }
      if !leftEvaluations { state.progress.log = log.position }
      let now = ContinuousClock.now
      clock.note(now, in: &state.progress)
      state.progress.seconds = log.wallSeconds
      if now - synchronized >= Self.synchronizationPeriod {
        try trajectory.synchronize()
        try log.synchronize()
        synchronized = now
      }
      report(progress(state, news))
      if leftEvaluations || shouldStop() || state.progress.ending != nil { break }
      if iteration < plan.iterations, checkpoints.isDue(iteration, now) {
        tell(
          checkpoints.measure {
            failure { try write(state, snapshots(microbatches), trajectory, log) }
          }, of: state)
      }
    }
    try trajectory.close()
    var estimators: [Snapshot]?
    if isWhole { estimators = try? snapshots(microbatches) }
    let unwritten =
      estimators.map { estimators in failure { try write(state, estimators, nil, log) } }
      ?? "the update under way was given up; the one before stays"
    tell(unwritten, of: state)
    if plan.evaluation.time == .after {
      leftEvaluations = try !evaluateTrajectory(
        &state, log: log, estimators: estimators, clock: &checkpoints)
    }
    try log.synchronize()
    return result(state, log, leftEvaluations: leftEvaluations)
  }
}
