import ArgumentParser
import Records
import Settings
import Trainer
import Workers

/// The rule by which evaluations end a run.
enum EndSettings: SettingsDeclaring {
  static let declarations = RunSettings.declarations.filter {
    ["stop-at", "stop-for", "patience"].contains($0.name)
  }
}

/// `nres resume`: a run goes on where it was stopped or killed.
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a run that was stopped or killed, or make a finished one longer.",
    discussion: """
      The run goes on from its last checkpoint with the numbers that it would have had without the \
      stop: θ is equal byte for byte, the logs are equal but for the times. What the logs have beyond \
      the checkpoint is cut off and done again.

      A run that its evaluations have ended becomes longer with another rule, or with --force, which begins \
      its rule anew. Of a family, a run that has begun and is no longer there is an error, or begins anew \
      with --force.

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

  @OptionGroup var end: Flags<EndSettings>

  @OptionGroup var timeLimit: TimeLimit

  @Flag(
    help: ArgumentHelp(
      "Go on although the program, MuJoCo, the run's model or its images are others than it began "
        + "with, its evaluations have ended it, or a family's run is gone."))
  var force = false

  func run() throws {
    Interrupt.install()
    try timeLimit.begin()
    var hasDiverged = false
    if let family = try family() {
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

  /// The family in the folder, with the changes that runs which have not begun are to have too.
  private func family() throws -> RunFamily? {
    guard let found = try RunFamily.containing(path) else { return nil }
    if let seed = found.missing(in: path), !force {
      let place = RunFamily.path(of: seed, in: path)
      throw RecordError(
        .noInput, place,
        "the run of seed \(seed) has begun and is not there: move it back, or begin it anew with --force"
      )
    }
    for seed in found.seeds
    where RunFolder.containing(RunFamily.path(of: seed, in: path)) != nil {
      RunFamily.noteBegun(seed, in: path)
    }
    guard var family = try RunFamily.containing(path), endChanges != RunSettings() else {
      return found
    }
    family.settings = endChanges.over(family.settings)
    try family.write(in: path)
    return family
  }

  /// What says where the run ends.
  private var endChanges: RunSettings {
    var changes = end.given
    changes["outer-iterations"] = iterations.map(String.init)
    return changes
  }

  private var changes: RunSettings {
    var changes = endChanges
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
      folder: try RunFolder.create(at: path),
      didBegin: { RunFamily.noteBegun(seed, in: self.path) }
    ).run()
  }
}
