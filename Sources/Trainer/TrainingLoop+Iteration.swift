import Distribution
import Estimators
import Optimizers
import Records
import Unrolls

extension TrainingLoop {
  /// What an iteration has to tell.
  struct News {
    var scalars: [Scalar] = []
    var meanLoss: Double?
    var nonFinite: NonFiniteGradient?
    var divergedSteps: Int?
    var divergence: Divergence?
    var checkpointFailure: String?
    var slowest: Pace.Slowest?
  }

  /// Moves θ.
  func apply(
    _ update: GradientUpdate, of iteration: Int, to state: inout TrainingState, news: inout News
  ) {
    news.meanLoss = update.meanLoss
    state.progress.updateSeconds += update.seconds
    var gradient = update.gradient
    if let threshold = plan.gradientThreshold { clip(&gradient, to: threshold) }
    state.optimizer.update(&state.theta, along: gradient)
    state.moments.merge(update.moments)
    application.use(state.moments, in: &state.theta)
    state.recentLosses.append(update.meanLoss)
    if iteration.isMultiple(of: 10) {
      let mean = state.recentLosses.reduce(0, +) / Double(state.recentLosses.count)
      news.scalars.append(Scalar("average_meta_loss", mean))
      state.recentLosses = []
    }
    news.scalars += update.scalars(
      of: application.name, hasReferenceTags: plan.hasReferenceTags)
    let count = update.nonFiniteCount
    if count > 0, !state.progress.hasBeenNonFinite {
      news.nonFinite = NonFiniteGradient(
        iteration: iteration, count: count, size: state.theta.count)
      state.progress.hasBeenNonFinite = true
    }
    // Most runs never have any: their tables stay without a column of zeros.
    if state.progress.hasBeenNonFinite {
      news.scalars.append(Scalar("nonfinite_gradient_entries", Double(count)))
    }
  }

  /// Logs θ, where its values have a meaning each, and the steps until then.
  func count(
    _ microbatches: [any GradientEstimator], in state: inout TrainingState, news: inout News
  ) {
    news.scalars += application.scalars(of: state.theta)
    let steps = microbatches.reduce(0) { $0 + $1.environmentSteps }
    news.scalars.append(Scalar("total_env_steps", Double(steps)))
    let simulated = microbatches.reduce(0) { $0 + $1.simulatedSteps }
    state.progress.hasAbsorbed =
      state.progress.hasAbsorbed
      || simulated - state.progress.firstSimulated < steps - state.progress.firstSteps
    // Where no episode ends early it says nothing.
    if state.progress.hasAbsorbed {
      news.scalars.append(Scalar("simulated_env_steps", Double(simulated)))
    }
    let hasDiverged = state.progress.divergedSteps > 0
    let diverged = microbatches.reduce(0) { $0 + $1.divergedSteps }
    if diverged > 0 { news.scalars.append(Scalar("diverged_env_steps", Double(diverged))) }
    news.divergedSteps = hasDiverged || diverged == 0 ? nil : diverged
    (state.progress.environmentSteps, state.progress.divergedSteps) = (steps, diverged)
  }

  func progress(_ state: TrainingState, _ news: News) -> TrainingProgress {
    let progress = state.progress
    let steps = Double(progress.environmentSteps - progress.firstSteps)
    return TrainingProgress(
      iteration: progress.iteration, iterations: plan.iterations,
      stepsPerSecond: progress.updateSeconds > 0 ? steps / progress.updateSeconds : 0,
      seconds: progress.iterationSeconds, meanLoss: news.meanLoss, latest: progress.latest,
      evaluatedIteration: progress.evaluatedIteration, isEvaluating: false,
      nonFinite: news.nonFinite, divergedSteps: news.divergedSteps, divergence: news.divergence,
      checkpointFailure: news.checkpointFailure, environmentSteps: progress.environmentSteps,
      best: progress.best, slowest: news.slowest)
  }

  func result(
    _ state: TrainingState, _ log: RunLog, leftEvaluations: Bool
  ) -> TrainingResult {
    let progress = state.progress
    let last = max(progress.iteration, 0)
    let endsEarly = progress.ending?.isFinish == true
    return TrainingResult(
      lastIteration: last, wasStopped: !endsEarly && last < plan.iterations || leftEvaluations,
      leftEvaluations: leftEvaluations, evaluatedIteration: progress.evaluatedIteration,
      latest: progress.latest, environmentSteps: progress.environmentSteps,
      divergedSteps: progress.divergedSteps, divergence: progress.divergence,
      seconds: log.wallSeconds, best: progress.best,
      ending: progress.ending.flatMap { plan.earlyEnd.text($0, headline) },
      isOver: progress.ending != nil && !leftEvaluations)
  }

  /// The number that the run is judged by.
  var headline: Headline { type(of: application).headline }
}

/// Adds up the wall seconds of a run's iterations, what came before the first of them left out.
struct IterationClock {
  private let before: Double
  private var began: ContinuousClock.Instant?

  init(_ progress: TrainingState.Progress) {
    before = progress.iterationSeconds
    began = progress.iteration < 0 ? nil : .now
  }

  mutating func note(_ now: ContinuousClock.Instant, in progress: inout TrainingState.Progress) {
    progress.iterationSeconds = before + (began.map { (now - $0).seconds } ?? 0)
    began = began ?? now
  }
}
