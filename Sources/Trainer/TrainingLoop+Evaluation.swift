import Foundation
import Randomness
import Records
import Snapshots
import Workers

extension TrainingLoop {
  /// Evaluates the written θ's with the keys of their iterations, those that are still to be.
  ///
  /// - Parameter estimators: Their states, which checkpoints hold; nil where they are not whole.
  /// - Returns: Whether all have been.
  func evaluateTrajectory(
    _ state: inout TrainingState, log: RunLog, estimators: [Snapshot]?,
    clock: inout CheckpointClock
  ) throws -> Bool {
    let saved = try SavedTheta(path: folder.path)
    let started = ContinuousClock.now
    let last = state.progress.iteration
    var evaluations =
      state.progress.evaluations ?? TrainingState.Evaluations(next: 0, log: log.position)
    state.progress.evaluations = evaluations
    var done = 0
    func save() -> String? {
      guard let estimators else { return nil }
      return failure { try write(state, estimators, nil, log) }
    }
    for (iteration, keys) in zip(
      0...max(last, 0), IterationKeys.Chain(remainingSeed: plan.remainingSeed))
    where iteration >= evaluations.next && plan.evaluation.includes(iteration) {
      if shouldStop() {
        _ = save()
        return false
      }
      let theta = try saved.theta(at: iteration, layout: application.layout, finite: false)
      let scalars: [Scalar]
      do {
        scalars = try application.evaluation(plan, of: theta, keys: keys, pool: pool)
      } catch is CancellationError {
        _ = save()
        return false
      }
      try folder.checkIsInPlace()
      state.progress.note(scalars, of: iteration, headline, plan.earlyEnd)
      try log.write(scalars, iteration: iteration)
      let found = Divergence(iteration: iteration, theta: theta, evaluation: scalars.first)
      let firstFound = state.progress.divergence == nil ? found : nil
      state.progress.divergence = state.progress.divergence?.including(found) ?? found
      state.progress.seconds = log.wallSeconds
      evaluations = TrainingState.Evaluations(next: iteration + 1, log: log.position)
      state.progress.evaluations = evaluations
      done += 1
      let isDue = clock.isDue(done, .now)
      report(
        TrainingProgress(
          iteration: iteration, iterations: last, stepsPerSecond: 0,
          seconds: (ContinuousClock.now - started).seconds, latest: scalars.first,
          evaluatedIteration: iteration, isEvaluating: true, divergence: firstFound,
          checkpointFailure: isDue ? clock.measure(save) : nil,
          environmentSteps: state.progress.environmentSteps, best: state.progress.best))
    }
    state.progress.evaluations = TrainingState.Evaluations(next: last + 1, log: log.position)
    _ = save()
    return true
  }
}
