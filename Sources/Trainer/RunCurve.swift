import Estimators
import Records

/// What a run's curve is drawn over.
package enum CurveAxis: String, CaseIterable, Sendable {
  /// Updates of θ.
  case iterations
  /// Steps of all particles, as the run counts them.
  case envSteps = "env-steps"
  /// Steps that one particle takes after another, whatever there are side by side: the paper's.
  case sequentialSteps = "sequential-steps"
  /// Seconds of the run until θ was there; what is evaluated after training takes none.
  case seconds

  /// What the axis is called.
  package var title: String {
    switch self {
    case .iterations: "iterations"
    case .envSteps: "env steps"
    case .sequentialSteps: "sequential env steps"
    case .seconds: "seconds"
    }
  }
}

/// A number of a run as it was measured, from the first time to the last.
package struct RunCurve: Sendable {
  package struct Point: Hashable, Sendable {
    package var iteration: Int
    package var x: Double
    package var y: Double
  }

  package private(set) var points: [Point] = []
  /// Every tag that the run has.
  package private(set) var tags: Set<String> = []

  /// Reads the run's table; of one that is going on, what there is.
  ///
  /// - Throws: `RecordError` for a table that is not there or not understood.
  package init(of run: RunSummary, tag: String, over axis: CurveAxis) throws {
    let steps = try axis == .sequentialSteps ? SequentialSteps(of: run) : nil
    let rows = try readScalars(run.folder.scalarsPath) { name in
      tags.insert(name)
      return name == tag || name == Self.stepsTag
    }
    var byIteration: [Int: ScalarRow] = [:]
    for row in rows where row.tag == Self.stepsTag { byIteration[row.iteration] = row }
    let counted = byIteration.values.sorted { $0.iteration < $1.iteration }
    var next = 0
    for row in rows.filter({ $0.tag == tag }).sorted(by: { $0.iteration < $1.iteration }) {
      while next < counted.count, counted[next].iteration < row.iteration { next += 1 }
      // The first that was counted then or later, and the last then or before.
      let after = next < counted.count ? counted[next] : nil
      let before = after?.iteration == row.iteration ? after : next > 0 ? counted[next - 1] : nil
      let x: Double? =
        switch axis {
        case .iterations: Double(row.iteration)
        // θ was there before it was evaluated, long before if that was after training.
        case .seconds: min(row.wallSeconds, after?.wallSeconds ?? .infinity)
        case .sequentialSteps:
          steps.map { Double($0.before) + Double($0.each) * Double(row.iteration) }
        case .envSteps: before?.value
        }
      guard let x else { continue }
      // A run that was resumed may have measured twice.
      if points.last?.iteration == row.iteration { points.removeLast() }
      points.append(Point(iteration: row.iteration, x: x, y: row.value))
    }
  }

  private static let stepsTag = "total_env_steps"
}

/// How many steps one particle takes, one after another.
private struct SequentialSteps {
  /// Before the first update, and in each.
  let before: Int
  let each: Int

  /// A step-unlocked estimator runs one episode to start with, then a window an update.
  init(of run: RunSummary) throws {
    let settings = try run.folder.configuration().settings
    let choice = try settings.group(EstimatorChoice.self)
    guard let name = choice.estimator, let horizon = choice.horizon,
      let algorithm = try? EstimatorCatalogue.named(name)
    else {
      throw RecordError(
        .dataError, run.folder.configurationPath,
        "does not say gradient-estimator and horizon-length")
    }
    before = algorithm.isStepUnlocked ? horizon : 0
    each = algorithm.needsWindowLength ? choice.windowLength ?? horizon : horizon
  }
}
