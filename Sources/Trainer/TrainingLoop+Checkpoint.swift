import Estimators
import Foundation
import Records
import Snapshots

extension TrainingLoop {
  func snapshots(_ microbatches: [any GradientEstimator]) throws -> [Snapshot] {
    try microbatches.map { try $0.snapshot() }
  }

  /// Writes a checkpoint, after everything that it builds on is on the disk.
  func write(
    _ state: TrainingState, _ estimators: [Snapshot], _ trajectory: ThetaTrajectoryWriter?,
    _ log: RunLog
  ) throws {
    try trajectory?.synchronize()
    try log.synchronize()
    try folder.checkIsInPlace()
    try Checkpoint(state, estimators: estimators).write(to: folder.checkpoints, of: plan)
  }

  func tell(_ failure: String?, of state: TrainingState) {
    if let failure { report(progress(state, News(checkpointFailure: failure))) }
  }

  /// What kept a checkpoint from being written: nothing that training could not do without.
  func failure(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }
}

/// Tells when the next checkpoint is due.
struct CheckpointClock {
  private let period: CheckpointPeriod
  private var last = ContinuousClock.now
  private var cost = Duration.zero

  init(_ period: CheckpointPeriod) { self.period = period }

  /// Checkpoints by the clock take at most a hundredth of the time.
  func isDue(_ iteration: Int, _ now: ContinuousClock.Instant) -> Bool {
    switch period {
    case .seconds(let seconds): now - last >= max(.seconds(seconds), cost * 100)
    case .iterations(let count): iteration.isMultiple(of: count)
    }
  }

  /// Writes one.
  mutating func measure<Value>(_ write: () -> Value) -> Value {
    let begun = ContinuousClock.now
    let value = write()
    last = .now
    cost = last - begun
    return value
  }
}

extension RunFolder {
  var checkpoints: CheckpointFiles { CheckpointFiles(folder: path) }

  /// The last checkpoint that can be used; nil where there is none.
  ///
  /// - Returns: The checkpoint, and what is wrong with a later one.
  /// - Throws: What is wrong with it, where there is none that can be used.
  package func lastCheckpoint(
    of plan: TrainingPlan
  ) throws -> (checkpoint: Checkpoint, refused: (any Error)?)? {
    try checkpoints.readLast { snapshot, text in
      let path = "\(path)/\(CheckpointFiles.name)"
      let checkpoint = try Checkpoint(snapshot, state: text, of: plan, path: path)
      let progress = checkpoint.state.progress
      for position in [progress.log] + [progress.evaluations?.log].compactMap(\.self) {
        try check(position)
      }
      return checkpoint
    }.map { ($0.value, $0.refused) }
  }

  /// Throws where the logs do not reach that far.
  private func check(_ position: RunLog.Position) throws {
    for (name, size) in [
      (Self.scalarsName, position.tableBytes), (position.events, position.eventBytes),
    ] {
      var status = stat()
      guard !name.contains("/"), stat("\(path)/\(name)", &status) == 0, status.st_size >= size
      else {
        throw RecordError(
          .dataError, "\(path)/\(name)", "is shorter than when the run's checkpoint was written")
      }
    }
  }
}
