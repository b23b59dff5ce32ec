import Foundation
import Records
package import Workers

/// A run that was begun in a folder and is to go on there.
package struct ResumedRun {
  /// Where it is.
  package let folder: RunFolder
  /// Its settings, with the changes.
  package let plan: TrainingPlan
  /// Its task.
  package let application: any Application
  /// Whether it was to become longer, and has ended by its evaluations.
  private let isHeldByRule: Bool
  /// Whether it had ended by them, and goes on.
  private let isReleased: Bool
  /// Where it goes on; nil for one that was killed before its first checkpoint and begins anew.
  package let checkpoint: Checkpoint?
  /// What a person should know: a line each.
  package let notes: [String]

  /// Reads the run in `folder`, which this process holds.
  ///
  /// - Parameters:
  ///   - changes: Settings in place of the run's, which change no numbers.
  ///   - isForced: Whether to go on where the program, MuJoCo, the images or the model are others, and to
  ///     make a run longer that has ended by its evaluations.
  ///   - cancellation: Asked while the run works.
  ///   - exchange: The processes that share it; nil for this one alone.
  /// - Throws: An error that says why it cannot go on; then nothing has changed.
  package init(
    _ folder: RunFolder, changes: RunSettings, isForced: Bool, cancellation: Cancellation,
    exchange: (any Exchange)? = nil
  ) throws {
    self.folder = folder
    let configuration = try folder.configuration()
    let hasCheckpoint = folder.checkpoints.exist
    let settings = try folder.settings(changes, isModelChecked: !isForced)
    // θ₀ is in the checkpoint; the file it once came from may be gone.
    let plan = try TrainingPlan(
      hasCheckpoint ? settings.withoutOrigin : settings, cancellation: cancellation,
      exchange: exchange)
    self.plan = plan
    application = try plan.application.init(plan)
    let found = try folder.lastCheckpoint(of: plan)
    let isLonger = changes["outer-iterations"] != nil
    let last = found.map {
      $0.checkpoint.under(
        plan, isNew: EarlyEnd.names.contains { changes[$0] != nil },
        isForced: isForced && isLonger)
    }
    checkpoint = last
    isHeldByRule = isLonger && last?.isHeldByRule(of: plan) == true
    isReleased =
      found?.checkpoint.isHeldByRule(of: plan) == true && last?.isHeldByRule(of: plan) == false
    var notes = application.notes
    if let refused = found?.refused { notes.append("\(refused); the one before it is taken") }
    var differences: [String] = []
    for (what, then, today) in [
      ("nres", configuration.nres, programVersion),
      ("MuJoCo", configuration.mujoco, mujocoVersion),
    ] where then != today {
      differences.append("the run was begun by \(what) \(then), this is \(today)")
    }
    if let checkpoint, checkpoint.versions != [programVersion, mujocoVersion] {
      differences.append(
        "its checkpoint is by nres \(checkpoint.versions[0]) and MuJoCo \(checkpoint.versions[1]), "
          + "this is \(programVersion) and \(mujocoVersion)")
    }
    if let note = configuration.inputs?.imagesNote(application) { differences.append(note) }
    for (what, kept) in [("model", folder.keptModel), ("robot", folder.keptRobot)]
    where isForced && configuration.inputs?[what] != nil && (try? kept(true)) == nil {
      differences.append("the run's \(what) is not the one that it was begun with")
    }
    if let difference = differences.first, !isForced {
      throw RecordError(
        .dataError, folder.path,
        "\(difference): its numbers could be others; --force goes on all the same")
    }
    self.notes =
      notes
      + differences.map { "\($0): the numbers may not be those of a run that was never stopped" }
    if let done = checkpoint?.iteration, plan.iterations < done {
      throw RecordError(
        .dataError, folder.path,
        "the run has done \(done) iterations: --outer-iterations must be at least as many")
    }
    if checkpoint == nil { try checkIsUnbegun() }
  }

  /// Throws where a run has done more than to write θ₀.
  private func checkIsUnbegun() throws {
    // The first checkpoint is written before anything is logged.
    var status = stat()
    let isUnlogged =
      stat(folder.scalarsPath, &status) != 0 || status.st_size <= ScalarLog.header.utf8.count + 1
    let rows = (try? SavedTheta(path: folder.thetaPath))?.iterations.count ?? 0
    if isUnlogged && rows <= 1 { return }
    throw RecordError(
      .dataError, folder.path,
      "the run has no checkpoint: repeat it with `nres train \(folder.configurationPath)`")
  }

  /// Whether nothing is left to do.
  package var isFinished: Bool {
    guard let progress = checkpoint?.state.progress, progress.pending == nil,
      progress.iteration >= plan.iterations || progress.ending != nil
    else { return false }
    return plan.evaluation.time != .after
      || progress.evaluations.map { $0.next > progress.iteration } == true
  }

  /// What is to be said of a run that has nothing left to do; nil for another.
  package var outcome: String? {
    guard isFinished, let progress = checkpoint?.state.progress else { return nil }
    guard let ending = progress.ending else {
      return "all \(progress.iteration) iterations are done; --outer-iterations makes it longer"
    }
    if let text = plan.earlyEnd.text(ending, plan.application.headline) {
      return "finished iteration \(progress.iteration): \(text)"
        + (isHeldByRule
          ? "; to make it longer give --force, or another --stop-at, --stop-for or --patience" : "")
    }
    return progress.divergence?.description
  }

  /// Notes in the run's configuration what has changed, and takes away what cannot be gone on with.
  package func prepare() throws {
    var configuration = try folder.configuration()
    let changed = RunSettings.namesOfEnd.filter { configuration.settings[$0] != plan.settings[$0] }
    if !changed.isEmpty, !isHeldByRule {
      for name in changed { configuration.settings[name] = plan.settings[name] }
      try folder.write(configuration)
    }
    if let progress = checkpoint?.state.progress, isFinished {
      let headline = plan.application.headline
      RunStatusWriter(folder, iterations: plan.iterations, headline: headline).noteEnd(
        of: progress, because: progress.ending.flatMap { plan.earlyEnd.text($0, headline) })
    }
    // Killed a moment later it would have ended again.
    if isReleased { try checkpoint?.write(to: folder.checkpoints, of: plan) }
    guard checkpoint == nil else { return }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasPrefix("events.out.tfevents.") {
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
  }
}
