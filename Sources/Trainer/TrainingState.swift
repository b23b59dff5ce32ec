import Foundation
import Optimizers
import Records
import Snapshots
import Unrolls

/// What a run's next number depends on, besides its settings and its estimators.
struct TrainingState {
  var theta: [Float]
  var optimizer: any Optimizer
  /// Mean losses since they were last logged.
  var recentLosses: [Double] = []
  /// Of what training has met, where θ has statistics of it.
  var moments: Moments
  var progress = Progress()

  /// Before iteration 0.
  init(theta: [Float], optimizer: any Optimizer, moments: Moments) {
    (self.theta, self.optimizer, self.moments) = (theta, optimizer, moments)
  }

  /// The last iteration that there will be.
  func lastIteration(of plan: TrainingPlan) -> Int {
    progress.ending == nil ? plan.iterations : progress.iteration
  }

  /// What is no array.
  struct Progress: Codable {
    /// The last iteration that was done; −1 before iteration 0.
    var iteration = -1
    /// Where the logs end that belong to it.
    var log = RunLog.Position()
    /// What of it is still to be evaluated and logged: its rows are not among those of `log`.
    var pending: Pending?
    /// How far evaluations that follow training are.
    var evaluations: Evaluations?
    /// Why there are no more iterations, where it is not that all are done.
    var ending: Ending?
    var hasBeenNonFinite = false
    var hasAbsorbed = false
    /// Environment steps of the burn-in.
    var firstSteps = 0
    var firstSimulated = 0
    var environmentSteps = 0
    var divergedSteps = 0
    var divergence: Divergence?
    /// The latest evaluation's headline, and its iteration.
    var latest: Scalar?
    var evaluatedIteration: Int?
    /// What the evaluations until then have in sum.
    var record = EarlyEnd.Record()
    /// Wall seconds of the run, of its iterations and of their updates.
    var seconds = 0.0
    var iterationSeconds = 0.0
    var updateSeconds = 0.0
  }

  /// An iteration that has no evaluation yet.
  struct Pending: Codable {
    var scalars: [Scalar]
    var meanLoss: Double?
  }

  /// Evaluations of the saved θ's.
  struct Evaluations: Codable {
    /// The first iteration that is still to be looked at.
    var next: Int
    /// Where the logs end that belong to those before.
    var log: RunLog.Position
  }

  /// Why a run ends before its last iteration and does not go on.
  enum Ending: String, Codable {
    case diverged
    /// The headline has reached what was asked for.
    case reached
    /// It has not become better for as long as was asked for.
    case noImprovement

    /// Whether the run has done what it was to do.
    var isFinish: Bool { self != .diverged }
  }
}

extension TrainingState.Progress {
  /// The latest evaluation, and the best.
  var evaluated: Evaluated? {
    guard let latest, let evaluatedIteration else { return nil }
    return Evaluated(value: latest.value, iteration: evaluatedIteration)
  }
  var best: Evaluated? { record.best }

  /// Notes an evaluation.
  mutating func note(
    _ evaluation: [Scalar], of iteration: Int, _ headline: Headline, _ end: EarlyEnd
  ) {
    evaluatedIteration = iteration
    guard let scalar = evaluation.first else { return }
    latest = scalar
    end.note(Evaluated(value: scalar.value, iteration: iteration), headline, in: &record)
  }
}

/// A state with those of the estimators, as it is written.
package struct Checkpoint {
  private(set) var state: TrainingState
  /// Of each microbatch; none before they have started.
  let estimators: [Snapshot]
  /// The program's and MuJoCo's that wrote it.
  let versions: [String]

  /// What is written beside the arrays.
  private struct Header: Codable {
    /// The versions that wrote it.
    var nres: String
    var mujoco: String
    var microbatches: Int
    /// The run's settings that its numbers depend on.
    var settings: RunSettings
    var progress: TrainingState.Progress
  }

  init(_ state: TrainingState, estimators: [Snapshot]) {
    (self.state, self.estimators) = (state, estimators)
    versions = [programVersion, mujocoVersion]
  }

  /// The same for a run that may go on although its evaluations have ended it.
  ///
  /// - Parameters:
  ///   - isNew: Whether the plan's rule is another than the one that has ended it.
  ///   - isForced: Whether what led to the end counts no longer.
  func under(_ plan: TrainingPlan, isNew: Bool, isForced: Bool) -> Checkpoint {
    guard isHeldByRule(of: plan), isNew || isForced else { return self }
    var checkpoint = self
    checkpoint.state.progress.record.reached = 0
    if isForced { checkpoint.state.progress.record.sinceBest = 0 }
    checkpoint.state.progress.ending = plan.earlyEnd.ending(
      after: checkpoint.state.progress.record)
    return checkpoint
  }

  /// Whether it has ended by its evaluations alone: the plan has more iterations.
  func isHeldByRule(of plan: TrainingPlan) -> Bool {
    state.progress.ending?.isFinish == true && iteration < plan.iterations
  }

  /// The last iteration that was done; −1 before iteration 0.
  package var iteration: Int { state.progress.iteration }

  /// Makes it the last one of a run of `plan`.
  func write(to files: CheckpointFiles, of plan: TrainingPlan) throws {
    var snapshot = try Snapshot(
      of: Arrays(
        theta: state.theta, recentLosses: state.recentLosses, moments: state.moments))
    func optimizer(_ optimizer: some Optimizer) throws -> Snapshot { try Snapshot(of: optimizer) }
    snapshot.add(try optimizer(state.optimizer), as: Self.optimizerName)
    for (index, estimator) in estimators.enumerated() {
      snapshot.add(estimator, as: Self.estimatorName(index))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .byName
    let header = try encoder.encode(
      Header(
        nres: programVersion, mujoco: mujocoVersion, microbatches: estimators.count,
        settings: plan.settings.ofNumbers, progress: state.progress))
    try files.write(snapshot, state: String(decoding: header, as: UTF8.self))
  }

  /// Reads one of a run of `plan`.
  ///
  /// - Throws: `RecordError` where it is of a run with other settings.
  init(_ snapshot: Snapshot, state text: String, of plan: TrainingPlan, path: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .byName
    do {
      let header = try decoder.decode(Header.self, from: Data(text.utf8))
      if let change = plan.settings.ofNumbers.firstDifference(from: header.settings.ofNumbers) {
        throw RecordError(
          .dataError, path,
          "\(change): the numbers would be others than those of the run that was begun")
      }
      let arrays: Arrays = try snapshot.decode()
      func read<Known: Optimizer>(_ optimizer: Known) throws -> Known {
        try snapshot.part(Self.optimizerName).decode()
      }
      let optimizer = try read(plan.optimizer.makeOptimizer(count: arrays.theta.count))
      guard optimizer.count == arrays.theta.count,
        [0, plan.microbatches].contains(header.microbatches),
        header.progress.iteration >= -1, header.microbatches > 0 || header.progress.iteration < 0
      else {
        throw RecordError(.dataError, path, "is a checkpoint of other settings than the run's")
      }
      var state = TrainingState(
        theta: arrays.theta, optimizer: optimizer, moments: arrays.moments)
      (state.recentLosses, state.progress) = (arrays.recentLosses, header.progress)
      self.state = state
      versions = [header.nres, header.mujoco]
      estimators = (0..<header.microbatches).map { snapshot.part(Self.estimatorName($0)) }
    } catch let error as RecordError {
      throw error
    } catch {
      throw RecordError(.dataError, path, "is a checkpoint of another program or other settings")
    }
  }

  private struct Arrays: Codable {
    var theta: [Float]
    var recentLosses: [Double]
    var moments: Moments
  }

  private static let optimizerName = "optimizer"
  private static func estimatorName(_ index: Int) -> String { "estimators/\(index)" }
}
