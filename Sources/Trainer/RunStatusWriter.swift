import Dispatch
import Foundation
import Records
import Synchronization

/// Writes what a run says of itself: when it begins, every few seconds while it works, be an iteration
/// as long as it may, and at its end. What cannot be written is left: the run goes on without.
final class RunStatusWriter: Sendable {
  private static let queue = DispatchQueue(label: "nres.status")
  private let folder: RunFolder
  private let stage: Mutex<Stage>

  private struct Stage {
    var status: RunStatus
    var isWorking = false
    /// When the run began, and its seconds then.
    var begun = ContinuousClock.now
    var before = 0.0
  }

  init(_ folder: RunFolder, iterations: Int, headline: Headline) {
    self.folder = folder
    stage = Mutex(
      Stage(
        status: RunStatus(
          state: .running, process: getpid(), host: hostName, iterations: iterations,
          headline: headline.tag)))
  }

  /// - Parameter progress: Where the run goes on.
  func begin(_ progress: TrainingState.Progress) {
    stage.withLock {
      $0.isWorking = true
      $0.before = progress.seconds
      $0.status.take(progress)
      write(&$0)
    }
    beat()
  }

  /// Takes over how far the run is.
  func note(_ progress: TrainingProgress) {
    stage.withLock { $0.status.take(progress) }
  }

  /// The run has ended with this result.
  ///
  /// - Parameter reason: Why it was stopped, where that is known.
  func end(_ result: TrainingResult, because reason: String?) {
    let state: RunState =
      if result.wasStopped && !result.isOver {
        .stopped
      } else if result.divergence != nil {
        .diverged
      } else {
        .finished
      }
    stage.withLock {
      $0.status.iteration = result.lastIteration
      ($0.status.best, $0.status.envSteps) = (result.best, result.environmentSteps)
      $0.status.latest = result.evaluated
    }
    end(
      state, because: result.ending ?? (state == .stopped ? reason : nil), seconds: result.seconds)
  }

  /// A run of which nothing is left to do was killed before it could say so, or is as long as it was
  /// asked to be.
  ///
  /// - Parameter reason: Why its evaluations have ended it; nil where they have not.
  func noteEnd(of progress: TrainingState.Progress, because reason: String?) {
    if let status = try? RunStatus(in: folder.path), status.state != .running,
      status.state != .stopped
    {
      return
    }
    stage.withLock {
      $0.isWorking = true
      $0.status.take(progress)
    }
    end(
      progress.divergence == nil ? .finished : .diverged, because: reason,
      seconds: progress.seconds)
  }

  /// The run has ended, for a reason and after so many seconds where they are known.
  func end(_ state: RunState, because reason: String? = nil, seconds: Double? = nil) {
    stage.withLock {
      guard $0.isWorking else { return }
      ($0.status.state, $0.status.ending) = (state, reason)
      ($0.status.isEvaluating, $0.status.burnIn) = (false, nil)
      write(&$0, seconds: seconds)
      $0.isWorking = false
    }
  }

  /// The run could not begin: nothing is written from here on.
  func cancel() { stage.withLock { $0.isWorking = false } }

  private func beat() {
    Self.queue.asyncAfter(deadline: .now() + RunStatus.period) { [weak self] in
      guard let self else { return }
      let goesOn = stage.withLock {
        if $0.isWorking { write(&$0) }
        return $0.isWorking
      }
      if goesOn { beat() }
    }
  }

  private func write(_ stage: inout Stage, seconds: Double? = nil) {
    // Another run may have taken the place of a folder that was moved.
    guard folder.isInPlace else { return }
    stage.status.heartbeat = Date()
    stage.status.wallSeconds =
      seconds ?? stage.before + (ContinuousClock.now - stage.begun).seconds
    try? stage.status.write(in: folder.path)
  }
}

extension RunStatus {
  fileprivate mutating func take(_ progress: TrainingState.Progress) {
    iteration = max(progress.iteration, 0)
    (latest, best) = (progress.evaluated, progress.best)
    (envSteps, iterationSeconds) = (progress.environmentSteps, progress.iterationSeconds)
  }

  fileprivate mutating func take(_ progress: TrainingProgress) {
    burnIn = progress.burnIn.map { BurnIn(done: $0.done, of: $0.of) }
    if progress.isUnderWay { return }
    isEvaluating = progress.isEvaluating
    if let latest = progress.latest, let iteration = progress.evaluatedIteration {
      self.latest = Evaluated(value: latest.value, iteration: iteration)
    }
    best = progress.best
    iterationSeconds = progress.seconds
    guard !progress.isEvaluating else { return }
    (iteration, iterations) = (progress.iteration, progress.iterations)
    (meanLoss, stepsPerSecond) = (progress.meanLoss, progress.stepsPerSecond)
    envSteps = progress.environmentSteps
  }
}
