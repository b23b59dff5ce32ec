import ArgumentParser
import Settings
import Trainer

/// What the commands that train have in common: progress, the last lines, the exit status.
struct TrainingSession {
  var name: String
  var plan: TrainingPlan
  var application: any Application
  var folder: RunFolder
  var checkpoint: Checkpoint?
  /// Called once there is something to lose of the run: it has done an iteration.
  var didBegin: () -> Void = {}

  /// Runs to the end of the run or until a signal comes.
  ///
  /// - Throws: The exit status of the signal that ended it, among errors.
  func run() throws -> TrainingResult {
    let headline = plan.application.headline
    let path = folder.path
    let place = checkpoint.map { " from iteration \(max($0.iteration, 0))" } ?? ""
    if let note = folder.lockNote { tell(notes: [note]) }
    tell("\(name) (seed \(plan.remainingSeed))\(place) -> \(path)")
    let progress = ProgressLine()
    var done = max(checkpoint?.iteration ?? 0, 0)
    var failures: Set<String> = []
    var hasBegun = false
    let loop = TrainingLoop(
      plan, application: application, folder: folder, checkpoint: checkpoint, pool: plan.pool,
      shouldStop: { Interrupt.wasRequested }, stopReason: { Interrupt.status?.cause },
      report: {
        if !hasBegun, !$0.isUnderWay {
          hasBegun = true
          didBegin()
        }
        if let nonFinite = $0.nonFinite { progress.note(nonFinite.description) }
        if let count = $0.divergedSteps {
          progress.note("iteration \($0.iteration): \(count) env steps diverged and ended episodes")
        }
        if let divergence = $0.divergence { progress.note("the run \(divergence)") }
        if let failure = $0.checkpointFailure, failures.insert(failure).inserted {
          progress.note("iteration \($0.iteration): no checkpoint: \(failure)")
        }
        let latest = $0
        if latest.isUnderWay {
          return progress.showMeanwhile { latest.line(headline, columns: $0) }
        }
        if !latest.isEvaluating { done = latest.iteration }
        progress.show { latest.line(headline, columns: $0) }
      })
    let result: TrainingResult
    do {
      result = try loop.run()
    } catch {
      progress.finish()
      // A run that could not begin leaves nothing.
      if RunFolder.containing(path) != nil { tell("failed after iteration \(done)\nrun: \(path)") }
      throw error is CancellationError ? Interrupt.Requested() : error
    }
    progress.finish()
    tell(summary(of: result, headline))
    if result.wasStopped, let status = Interrupt.status { throw status }
    return result
  }

  private func summary(of result: TrainingResult, _ headline: Headline) -> String {
    let path = folder.path
    var lines = [
      outcome(
        result.wasStopped ? .stopped : .finished, of: result.lastIteration, because: result.ending,
        result.evaluated, headline, steps: result.environmentSteps, seconds: result.seconds),
      "run: \(path)",
    ]
    if result.wasStopped, !result.isOver {
      lines.append("go on with: nres resume \(shellWord(path))")
    }
    if result.divergedSteps > 0 { lines.append("\(result.divergedSteps) env steps diverged") }
    if let divergence = result.divergence { lines.append(divergence.description) }
    return lines.joined(separator: "\n")
  }
}

/// How long a command that trains may work.
struct TimeLimit: ParsableArguments {
  @Option(
    name: .customLong("max-time"), parsing: .unconditional,
    help: ArgumentHelp(
      "End after this time as Ctrl-C would, with an exit status of its own: 3h50m, 90s.",
      valueName: "time"))
  var text: String?

  /// Sets the clock.
  func begin() throws {
    guard let text else { return }
    guard let seconds = seconds(text) else {
      throw SettingsError("--max-time is '\(text)': give a time such as 3h50m or 90s")
    }
    Interrupt.end(after: seconds)
  }
}
