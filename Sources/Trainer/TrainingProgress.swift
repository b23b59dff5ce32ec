package import Distribution

/// How far a run is.
package struct TrainingProgress: Sendable {
  /// Iterations done, of `iterations`.
  package var iteration: Int
  package var iterations: Int
  /// Environment steps a second of all updates so far, evaluations left out.
  package var stepsPerSecond: Double
  /// Wall seconds of `iteration` iterations, what came before the first of them left out.
  package var seconds: Double
  /// Mean loss of this iteration's update, if there was one.
  package var meanLoss: Double?
  /// The latest evaluation's headline, if there was one.
  package var latest: Scalar?
  /// The iteration of that evaluation.
  package var evaluatedIteration: Int?
  /// Whether evaluations from the saved trajectory are running, after training.
  package var isEvaluating: Bool
  /// The particles that have run their first episode, of all, while they do so before iteration 0.
  package var burnIn: (done: Int, of: Int)?
  /// Whether it tells what is being done, iteration 0's evaluation or the burn-in.
  package var isUnderWay = false
  /// The gradient of this iteration, where it is the run's first that is not finite.
  package var nonFinite: NonFiniteGradient?
  /// Environment steps that diverged until now, where they are the run's first.
  package var divergedSteps: Int?
  /// What is not finite of this iteration, where it is the run's first.
  package var divergence: Divergence?
  /// Why a checkpoint could not be written that was due.
  package var checkpointFailure: String?
  /// Environment steps until now.
  package var environmentSteps = 0
  /// The best evaluation until now.
  package var best: Evaluated?
  /// The process that the others wait for, where several share the run.
  package var slowest: Pace.Slowest?

  /// Wall seconds to go, at the mean speed so far.
  package var secondsLeft: Double? {
    iteration > 0 ? seconds / Double(iteration) * Double(iterations - iteration) : nil
  }
}

/// How a run ended.
package struct TrainingResult: Sendable {
  /// The last iteration whose θ was written.
  package var lastIteration: Int
  /// Whether it was asked to end and left iterations or evaluations undone.
  package var wasStopped: Bool
  /// Whether evaluations that were to follow training are missing.
  package var leftEvaluations: Bool
  /// The iteration that was evaluated last, if there was one.
  package var evaluatedIteration: Int?
  /// The last evaluation's headline.
  package var latest: Scalar?
  package var environmentSteps: Int
  /// Those that diverged and so ended their episodes.
  package var divergedSteps: Int
  /// When the run was not finite; nil for a run that did not diverge.
  package var divergence: Divergence?
  package var seconds: Double
  /// The best evaluation.
  package var best: Evaluated?
  /// Why its evaluations have ended it: `reward reached 325`.
  package var ending: String?
  /// Whether there is nothing to go on with.
  package var isOver: Bool

  /// The last evaluation.
  package var evaluated: Evaluated? {
    guard let latest, let evaluatedIteration else { return nil }
    return Evaluated(value: latest.value, iteration: evaluatedIteration)
  }
}
