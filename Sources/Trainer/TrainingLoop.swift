import Estimators
import Foundation
import Optimizers
import Parameters
import Randomness
import Records
import Unrolls
package import Workers

/// The outer loop: estimates the gradient, updates θ, evaluates and writes everything down.
///
/// Iteration 0 only saves and evaluates θ₀; iterations 1 … n update.
package struct TrainingLoop {
  /// What a power cut can lose at most, besides the iteration it comes in.
  private static let synchronizationPeriod = Duration.seconds(30)

  let plan: TrainingPlan
  var application: any Application
  let pool: WorkerPool
  let folder: RunFolder
  let shouldStop: () -> Bool
  let report: (TrainingProgress) -> Void

  /// - Parameters:
  ///   - pool: When its `cancellation` asks for the end, what is being computed is thrown away.
  ///   - shouldStop: Asked after each iteration, and before each evaluation that follows training.
  ///   - report: Called after each iteration.
  package init(
    _ plan: TrainingPlan, application: any Application, folder: RunFolder, pool: WorkerPool,
    shouldStop: @escaping () -> Bool = { false },
    report: @escaping (TrainingProgress) -> Void = { _ in }
  ) {
    self.plan = plan
    self.application = application
    self.folder = folder
    self.pool = pool
    self.shouldStop = shouldStop
    self.report = report
  }

  /// Runs to the last iteration or until asked to stop.
  package func run() throws -> TrainingResult {
    let started = ContinuousClock.now
    var loop = self
    let parts = try loop.begin()
    do {
      let result = try loop.run(parts, from: started)
      folder.release()
      return result
    } catch {
      // What cannot be tidied up is left to the command that next opens the run.
      if (try? parts.trajectory.close()) != nil { folder.release() }
      throw error
    }
  }

  private func run(_ parts: Parts, from started: ContinuousClock.Instant) throws -> TrainingResult {
    let (trajectory, log) = (parts.trajectory, parts.log)
    guard let microbatches = parts.microbatches else {
      try trajectory.close()
      return TrainingResult(
        lastIteration: 0, wasStopped: true, leftEvaluations: plan.evaluation.time != .never,
        environmentSteps: 0, divergedSteps: 0, seconds: (ContinuousClock.now - started).seconds)
    }
    var theta = parts.theta
    var optimizer = plan.optimizer.makeOptimizer(count: theta.count)
    var moments = application.moments(of: theta)
    var recentLosses: [Double] = []
    var hasBeenNonFinite = false
    var latest: Scalar?
    var evaluatedIteration: Int?
    var lastIteration = 0
    var trainingSeconds = 0.0
    let firstSteps = microbatches.reduce(0) { $0 + $1.environmentSteps }
    let firstSimulated = microbatches.reduce(0) { $0 + $1.simulatedSteps }
    var hasAbsorbed = false
    var divergedSteps = 0
    var divergence: Divergence?
    var leftEvaluations = false
    var isCancelled = false
    var firstEnded: ContinuousClock.Instant?
    var synchronized = ContinuousClock.now
    for (iteration, keys) in zip(
      0...plan.iterations, IterationKeys.Chain(remainingSeed: plan.remainingSeed))
    {
      var scalars: [Scalar] = []
      var nonFinite: NonFiniteGradient?
      var meanLoss: Double?
      if iteration > 0 {
        let update: GradientUpdate
        do {
          update = try estimate(microbatches, theta: theta, keys: keys)
        } catch is CancellationError {
          break
        }
        meanLoss = update.meanLoss
        trainingSeconds += update.seconds
        var gradient = update.gradient
        if let threshold = plan.gradientThreshold { clip(&gradient, to: threshold) }
        optimizer.update(&theta, along: gradient)
        moments.merge(update.moments)
        application.use(moments, in: &theta)
        recentLosses.append(update.meanLoss)
        if iteration.isMultiple(of: 10) {
          let mean = recentLosses.reduce(0, +) / Double(recentLosses.count)
          scalars.append(Scalar("average_meta_loss", mean))
          recentLosses = []
        }
        scalars += update.scalars(of: application.name)
        let count = update.nonFiniteCount
        if count > 0, !hasBeenNonFinite {
          nonFinite = NonFiniteGradient(iteration: iteration, count: count, size: theta.count)
          hasBeenNonFinite = true
        }
        // Most runs never have any: their tables stay without a column of zeros.
        if hasBeenNonFinite { scalars.append(Scalar("nonfinite_gradient_entries", Double(count))) }
      }
      scalars += application.scalars(of: theta)
      if iteration > 0 { try trajectory.add(theta, of: iteration) }
      try trajectory.checkIsInPlace()
      lastIteration = iteration
      let steps = microbatches.reduce(0) { $0 + $1.environmentSteps }
      scalars.append(Scalar("total_env_steps", Double(steps)))
      let simulated = microbatches.reduce(0) { $0 + $1.simulatedSteps }
      hasAbsorbed = hasAbsorbed || simulated - firstSimulated < steps - firstSteps
      // Where no episode ends early it says nothing.
      if hasAbsorbed { scalars.append(Scalar("simulated_env_steps", Double(simulated))) }
      let hasDiverged = divergedSteps > 0
      divergedSteps = microbatches.reduce(0) { $0 + $1.divergedSteps }
      if divergedSteps > 0 { scalars.append(Scalar("diverged_env_steps", Double(divergedSteps))) }
      var evaluation: [Scalar] = []
      if plan.evaluation.time == .during, plan.evaluation.includes(iteration) {
        if iteration == 0 { reportUnderWay() }
        do {
          evaluation = try application.evaluation(plan, of: theta, keys: keys, pool: pool)
          latest = evaluation.first ?? latest
          evaluatedIteration = iteration
          scalars += evaluation
        } catch is CancellationError {
          (isCancelled, leftEvaluations) = (true, true)
        }
      }
      let found = Divergence(
        iteration: iteration, meanLoss: meanLoss, theta: theta, evaluation: evaluation.first)
      let firstFound = divergence == nil ? found : nil
      divergence = divergence?.including(found) ?? found
      try log.write(scalars, iteration: iteration)
      let now = ContinuousClock.now
      if now - synchronized >= Self.synchronizationPeriod {
        try trajectory.synchronize()
        try log.synchronize()
        synchronized = now
      }
      report(
        TrainingProgress(
          iteration: iteration, iterations: plan.iterations,
          stepsPerSecond: trainingSeconds > 0 ? Double(steps - firstSteps) / trainingSeconds : 0,
          seconds: firstEnded.map { (now - $0).seconds } ?? 0, meanLoss: meanLoss, latest: latest,
          evaluatedIteration: evaluatedIteration, isEvaluating: false, nonFinite: nonFinite,
          divergedSteps: hasDiverged || divergedSteps == 0 ? nil : divergedSteps,
          divergence: firstFound))
      firstEnded = firstEnded ?? now
      if isCancelled || shouldStop() || found != nil && plan.onNonFinite == .stop { break }
    }
    try trajectory.close()
    if plan.evaluation.time == .after {
      let evaluated = try evaluateTrajectory(
        upTo: lastIteration, log: log, divergence: &divergence)
      (latest, evaluatedIteration) = (evaluated.latest, evaluated.iteration)
      leftEvaluations = !evaluated.isComplete
    }
    try log.synchronize()
    return TrainingResult(
      lastIteration: lastIteration,
      wasStopped: lastIteration < plan.iterations || leftEvaluations,
      leftEvaluations: leftEvaluations, evaluatedIteration: evaluatedIteration, latest: latest,
      environmentSteps: microbatches.reduce(0) { $0 + $1.environmentSteps },
      divergedSteps: divergedSteps, divergence: divergence,
      seconds: (ContinuousClock.now - started).seconds)
  }

  /// One gradient: the mean of the microbatches', each run after the other.
  private func estimate(
    _ microbatches: [any GradientEstimator], theta: [Float], keys: IterationKeys
  ) throws -> GradientUpdate {
    let started = ContinuousClock.now
    var (chain, _) = keys.update.split()
    var estimates: [GradientEstimate] = []
    for estimator in microbatches {
      let window: PRNGKey
      (chain, window) = chain.split()
      estimates.append(try estimator.estimate(theta: theta, key: window))
    }
    return GradientUpdate(estimates, seconds: (ContinuousClock.now - started).seconds)
  }
}
