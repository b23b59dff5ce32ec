import Foundation
import Randomness
import Records
import Workers

extension TrainingLoop {
  /// Evaluates the written θ's with the keys of their iterations.
  func evaluateTrajectory(
    upTo last: Int, log: RunLog, divergence: inout Divergence?
  ) throws -> (latest: Scalar?, iteration: Int?, isComplete: Bool) {
    let saved = try SavedTheta(path: folder.path)
    let started = ContinuousClock.now
    var latest: Scalar?
    var evaluated: Int?
    for (iteration, keys) in zip(
      0...last, IterationKeys.Chain(remainingSeed: plan.remainingSeed))
    where plan.evaluation.includes(iteration) {
      if shouldStop() { return (latest, evaluated, false) }
      let theta = try saved.theta(at: iteration, layout: application.layout, finite: false)
      let scalars: [Scalar]
      do {
        scalars = try application.evaluation(plan, of: theta, keys: keys, pool: pool)
      } catch is CancellationError {
        return (latest, evaluated, false)
      }
      try folder.checkIsInPlace()
      (latest, evaluated) = (scalars.first, iteration)
      try log.write(scalars, iteration: iteration)
      let found = Divergence(iteration: iteration, theta: theta, evaluation: scalars.first)
      let firstFound = divergence == nil ? found : nil
      divergence = divergence?.including(found) ?? found
      report(
        TrainingProgress(
          iteration: iteration, iterations: last, stepsPerSecond: 0,
          seconds: (ContinuousClock.now - started).seconds, latest: latest,
          evaluatedIteration: evaluated, isEvaluating: true, divergence: firstFound))
    }
    return (latest, evaluated, true)
  }
}
