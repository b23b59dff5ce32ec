package import Foundation
import Records
import Settings

/// What a run's folder tells at a glance, without θ or a checkpoint being read.
package struct RunSummary: Sendable {
  package let folder: RunFolder
  package private(set) var state: RunState
  /// Nil where it cannot be read; then the state is unreadable.
  package private(set) var configuration: RunFolder.Configuration?
  /// What the run says of itself or, of one from before runs did, what its files say.
  package private(set) var status: RunStatus?
  /// What is not understood; nil where all is.
  package private(set) var problem: String?

  /// Looks at the folder at `path`, which has a `config.json`.
  package init(path: String, now: Date = Date()) {
    folder = RunFolder.unchecked(path)
    state = .unreadable
    do {
      let configuration = try folder.configuration()
      self.configuration = configuration
      let isHeld = FolderLock.isHeld(path)
      if let said = try RunStatus(in: path) {
        status = said
        state = said.judged(isHeld: isHeld, now: now)
      } else {
        status = folder.reconstructedStatus(configuration, isHeld: isHeld)
        state = status?.state ?? .unreadable
      }
    } catch {
      problem = "\(error)"
    }
  }

  /// When the run began.
  package var started: Date? {
    configuration.flatMap { try? Date($0.started, strategy: .iso8601) }
  }

  /// The experiment: an environment, a dataset, a system.
  package var subject: String? {
    configuration.flatMap { $0.settings.subject ?? $0.settings[RunSettings.application] }
  }

  package var seed: String? { configuration?.settings["remaining-seed"] }

  /// The number that the run is judged by.
  package var headline: Headline? { application?.headline }

  package var application: (any Application.Type)? {
    configuration?.settings[RunSettings.application].flatMap {
      try? ApplicationCatalogue.named($0)
    }
  }

  /// The settings that are not what they are where nothing is said, by name.
  package var ownSettings: [(name: String, text: String)] {
    guard let settings = configuration?.settings, let application else { return [] }
    var usual = application.defaults(for: settings).over(.defaults)
    usual["horizon-length"] = (try? application.horizon(for: settings)).map { "\($0)" }
    return RunSettings.names.compactMap { name in
      settings[name].flatMap { $0 == usual[name] ? nil : (name, $0) }
    }
  }

  /// How far the run is, by what it says of itself and by the last rows of its table, which are newer.
  package var progress: TrainingProgress? {
    guard let status else { return nil }
    var progress = TrainingProgress(
      iteration: status.iteration, iterations: status.iterations,
      stepsPerSecond: status.stepsPerSecond, seconds: status.iterationSeconds,
      meanLoss: status.meanLoss, latest: status.latest.map { Scalar(status.headline, $0.value) },
      evaluatedIteration: status.latest?.iteration, isEvaluating: status.isEvaluating,
      burnIn: status.burnIn.map { ($0.done, $0.of) })
    let rows = readLastScalars(folder.scalarsPath)
    if let row = rows.last(where: { $0.tag == status.headline }) {
      progress.latest = Scalar(row.tag, row.value)
      progress.evaluatedIteration = row.iteration
    }
    if status.isEvaluating {
      (progress.iterations, progress.iteration) =
        (status.iteration, progress.evaluatedIteration ?? 0)
    } else if let row = rows.last, row.iteration >= status.iteration {
      progress.burnIn = nil
      progress.iteration = row.iteration
      progress.seconds += max(0, row.wallSeconds - status.wallSeconds)
      progress.meanLoss = rows.last { $0.tag == "mean_loss" }?.value ?? progress.meanLoss
    }
    return progress
  }
}

extension RunFolder {
  /// What the files of a run say that does not tell how it is.
  fileprivate func reconstructedStatus(
    _ configuration: Configuration, isHeld: Bool
  ) -> RunStatus? {
    guard let iterations = configuration.settings["outer-iterations"].flatMap({ Int(whole: $0) })
    else { return nil }
    let application = configuration.settings[RunSettings.application].flatMap {
      try? ApplicationCatalogue.named($0)
    }
    let headline = application?.headline
    let tags = [headline?.tag, "total_env_steps", "mean_loss"]
    let rows = (try? readScalars(scalarsPath) { tags.contains($0) }) ?? []
    var status = RunStatus(
      state: .stopped, iterations: iterations, headline: headline?.tag ?? "",
      heartbeat: modificationDate(scalarsPath) ?? Date())
    status.iteration = (try? ThetaTrajectoryFile(path: thetaPath))?.iterations.last ?? 0
    status.wallSeconds = rows.last?.wallSeconds ?? 0
    for row in rows {
      let evaluated = Evaluated(value: row.value, iteration: row.iteration)
      switch row.tag {
      case headline?.tag:
        status.latest = evaluated
        let isBetter = status.best.map { headline?.isBetter(row.value, than: $0.value) == true }
        if row.value.isFinite, isBetter ?? true { status.best = evaluated }
      case "mean_loss": status.meanLoss = row.value
      default: status.envSteps = Int(exactly: row.value) ?? status.envSteps
      }
    }
    let hasDiverged = rows.contains { !$0.value.isFinite }
    status.state =
      if isHeld {
        .running
      } else if FileManager.default.fileExists(atPath: "\(path)/\(FolderLock.name)") {
        .killed
      } else if hasDiverged {
        .diverged
      } else {
        status.iteration >= iterations ? .finished : .stopped
      }
    return status
  }

  /// The iteration of the last checkpoint, and when it was written; nil where there is none to be read.
  package var lastCheckpoint: (iteration: Int, written: Date)? {
    struct Header: Decodable {
      struct Progress: Decodable { var iteration: Int }
      var progress: Progress
    }
    let read = try? checkpoints.readLast { _, state in
      try JSONDecoder().decode(Header.self, from: Data(state.utf8)).progress.iteration
    }
    let written = modificationDate("\(path)/\(CheckpointFiles.name)")
    guard let read, let written else { return nil }
    return (read.value, written)
  }
}

/// When the file was last written; nil where there is none.
private func modificationDate(_ path: String) -> Date? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
}
