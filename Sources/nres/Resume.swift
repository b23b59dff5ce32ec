import ArgumentParser
import Settings
import Trainer
import Workers

/// `nres resume`: a run goes on where it was stopped or killed.
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a run that was stopped or killed, or make a finished one longer.",
    discussion: """
      The run goes on from its last checkpoint with the numbers that it would have had without the \
      stop: θ is equal byte for byte, the logs are equal but for the times. What the logs have beyond \
      the checkpoint is cut off and done again.

      EXAMPLES:
        nres resume runs/rl/swimmer-nres-20260101-120000
        nres resume runs/rl/swimmer-nres-20260101-120000 --outer-iterations 400
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or that of `nres train --seed-list --run-dir`.", valueName: "run"))
  var path: String

  @Option(
    name: .customLong("outer-iterations"), parsing: .unconditional,
    help: ArgumentHelp("Another number of updates of θ, to make a run longer.", valueName: "n"),
    transform: wholeNumber)
  var iterations: Int?

  @Option(
    name: .customLong("checkpoint-every"), parsing: .unconditional,
    help: ArgumentHelp("As of nres train.", valueName: "period"))
  var checkpointEvery: String?

  @Option(
    name: .customLong("threads"), parsing: .unconditional,
    help: ArgumentHelp("As of nres train; results do not depend on it.", valueName: "n"),
    transform: wholeNumber)
  var threads: Int?

  @Option(
    name: .customLong("physics"), parsing: .unconditional,
    help: ArgumentHelp("As of nres train; results do not depend on it.", valueName: "engine"))
  var physics: String?

  @OptionGroup var timeLimit: TimeLimit

  @Flag(
    help:
      "Go on although the program, MuJoCo, the run's model or its images are others than it began with."
  )
  var force = false

  func run() throws {
    Interrupt.install()
    try timeLimit.begin()
    var hasDiverged = false
    if var family = try RunFamily.containing(path) {
      if let iterations {
        family.settings["outer-iterations"] = "\(iterations)"
        try family.write(in: path)
      }
      for seed in family.seeds {
        if let status = Interrupt.status { throw status }
        let place = RunFamily.path(of: seed, in: path)
        let result =
          RunFolder.containing(place) == nil
          ? try begin(family, seed, at: place)
          : try goOn(at: place, name: "\(family.name)-seed\(seed)")
        hasDiverged = hasDiverged || result?.divergence != nil
      }
    } else {
      hasDiverged = try goOn(at: path, name: path)?.divergence != nil
    }
    if hasDiverged { throw ExitStatus.diverged }
  }

  private var changes: RunSettings {
    var changes = RunSettings()
    changes["outer-iterations"] = iterations.map(String.init)
    changes["checkpoint-every"] = checkpointEvery
    changes["threads"] = threads.map(String.init)
    changes["physics"] = physics
    return changes
  }

  /// - Returns: nil for a run that was finished before.
  private func goOn(at path: String, name: String) throws -> TrainingResult? {
    let folder = try RunFolder.reopen(path)
    let run: ResumedRun
    do {
      run = try ResumedRun(
        folder, changes: changes, isForced: force,
        cancellation: Cancellation { Interrupt.isOverdue }, exchange: Together.exchange)
      if run.outcome == nil { try run.plan.open(run.application) }
      try run.prepare()
    } catch {
      folder.release()
      throw error
    }
    tell(notes: run.notes)
    if let outcome = run.outcome {
      folder.release()
      tell("\(path): \(outcome)")
      return nil
    }
    return try TrainingSession(
      name: name, plan: run.plan, application: run.application, folder: folder,
      checkpoint: run.checkpoint
    ).run()
  }

  /// A run of a family that was stopped before its turn.
  private func begin(_ family: RunFamily, _ seed: Int, at path: String) throws -> TrainingResult {
    let plan = try TrainingPlan(
      changes.over(family.settings(of: seed)), cancellation: Cancellation { Interrupt.isOverdue },
      exchange: Together.exchange)
    let application = try plan.makeApplication()
    try plan.open(application)
    return try TrainingSession(
      name: "\(family.name)-seed\(seed)", plan: plan, application: application,
      folder: try RunFolder.create(at: path)
    ).run()
  }
}
