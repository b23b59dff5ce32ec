import Randomness
import Records
import Settings
import Tasks
import Workers

/// How a network learns under a saved learned optimizer and under optimizers with a fixed rate: the outer loss
/// after each inner step, the mean of a few episodes, all with the same first networks and batches.
package struct InnerCurves: Sendable {
  /// Of the learned optimizer, T numbers.
  package let learned: [Double]
  /// Of each other optimizer with the rate of its least mean loss.
  package let baselines: [OptimizerBaseline]
  /// Whose θ it is.
  package let iteration: Int
  /// Whether the outer loss is of validation images.
  package let isOfValidation: Bool
  package let isAccuracy: Bool

  /// Rates that are tried.
  package static let rates = [1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1]
  /// Episodes of a task that has no single sequence.
  private static let episodes = 4

  /// Trains networks; takes as long as some twenty episodes.
  ///
  /// - Parameters:
  ///   - progress: Told what was done, and asked to go on: what it throws ends the work.
  /// - Throws: What is wrong with the run's files or its data.
  package init(
    of path: String, progress: (_ done: String) throws -> Void
  ) throws {
    let run = try SavedRun(path: path)
    guard let application = run.application as? LearnedOptimizerApplication else {
      throw SettingsError("\(path) is of no learned optimizer")
    }
    let task = application.task
    iteration = try run.iterations(matching: .bestOrLast)[0]
    isOfValidation = task.problem.usesValidation
    isAccuracy = task.problem.outerLoss == .accuracy
    let key = run.keys(at: [iteration])[0].test
    let particles = task.singleSequenceSeed == nil ? Self.episodes : 1
    learned = stepMeans(
      of: try task.stepLosses(
        theta: run.theta(at: iteration), key: key, particles: particles, pool: run.plan.pool))
    try progress("learned optimizer")
    var all: [OptimizerBaseline] = []
    try OptimizerBaseline.measure(
      task, rates: Self.rates, key: key, particles: particles, pool: run.plan.pool
    ) { measured in
      try progress("\(measured.optimizer) \(measured.rate)")
      all.append(measured)
    }
    baselines = OptimizerBaseline.bests(of: all)
  }
}

/// The means of several episodes' losses, step by step.
func stepMeans(of episodes: [[Float]]) -> [Double] {
  guard let first = episodes.first else { return [] }
  return first.indices.map { step in
    episodes.reduce(0) { $0 + Double($1[step]) } / Double(episodes.count)
  }
}
