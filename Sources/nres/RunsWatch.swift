import ArgumentParser
import Foundation
import Records
import Trainer

/// `nres runs watch`: the progress of a run in another process, from its files.
struct RunsWatch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Show the progress of a run in another process until it ends; Ctrl-C leaves.",
    discussion: """
      Reads the run's files alone, so it works over ssh and over a shared file system. Ends with status 0 \
      for a run that finished, 3 for one that diverged, and 1 for one that was stopped or killed, \
      failed or fell silent.
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
  var path: String

  func run() throws {
    Interrupt.installForTidyEnd()
    let progress = ProgressLine()
    while true {
      let run: RunSummary
      do {
        run = try existingRun(path)
      } catch {
        progress.finish()
        throw error
      }
      guard let headline = run.headline, let now = run.progress, let status = run.status else {
        progress.finish()
        throw RecordError(.dataError, path, run.problem ?? "does not say how far it is")
      }
      if run.state != .running {
        progress.finish()
        try printLine(
          outcome(
            run.state, of: status.iteration,
            because: run.state == .stopped ? nil : status.ending, status.latest, headline,
            steps: status.envSteps, seconds: status.wallSeconds))
        if run.state == .finished { return }
        throw run.state == .diverged ? ExitStatus.diverged : ExitStatus.failure
      }
      progress.show { now.line(headline, columns: $0) }
      if !Interrupt.wasRequested { usleep(300_000) }
      if let status = Interrupt.status {
        progress.finish()
        throw status
      }
    }
  }
}

/// How a run ended: `finished iteration 120: reward reached 325, reward 326.1, 1200 env steps in 0:12`.
///
/// - Parameter reason: Why, where it is not that all was done.
func outcome(
  _ state: RunState, of iteration: Int, because reason: String?, _ latest: Evaluated?,
  _ headline: Headline, steps: Int, seconds: Double
) -> String {
  var line = state == .finished ? "finished" : "\(state.rawValue) at"
  line += " iteration \(iteration)"
  if let reason { line += ": \(reason)" }
  if let latest {
    line += ", " + headline.text(latest.value)
    if latest.iteration != iteration { line += " at iteration \(latest.iteration)" }
  }
  return line + ", \(steps) env steps in \(clock(seconds))"
}
