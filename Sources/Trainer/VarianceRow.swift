import Estimators
import Settings
package import Workers

/// An estimator with its K whose variance is measured, and what was measured so far.
package struct VarianceRow: Sendable {
  package let plan: TrainingPlan
  /// What papers call it.
  package let title: EstimatorTitle
  /// Independent samples, each of the estimates of one episode.
  package internal(set) var moments = GradientMoments()
  /// Estimates in all samples, and the env steps that they took, burn-ins left out.
  package internal(set) var estimateCount = 0
  var environmentSteps = 0
  /// Entries of them that were not finite and were taken as 0, as in training.
  package internal(set) var nonFiniteCount = 0
  /// The time that it has had.
  var duration = Duration.zero

  package init(_ plan: TrainingPlan) {
    self.plan = plan
    title = EstimatorTitle(plan.settings)
  }

  /// The estimator's own name.
  package var estimator: String { plan.estimator.id }

  /// What papers call it with any K.
  package var familyName: String {
    EstimatorAlias.all.first { $0.algorithm == plan.estimator && !$0.decidesPeriod }?.name
      ?? estimator
  }

  /// K; nil of an estimator that has none.
  package var noisePeriod: Int? {
    plan.estimator.needsNoisePeriod ? plan.estimatorSettings.noisePeriod : nil
  }

  /// Env steps of one estimate; 0 before there was one.
  package var estimateSteps: Double {
    Double(environmentSteps) / Double(max(1, estimateCount))
  }

  /// Estimates of a sample: those of one episode.
  package var estimatesPerSample: Int {
    let length = plan.estimatorSettings.windowLength
    return plan.estimator.isStepUnlocked ? (plan.horizon + length - 1) / length : 1
  }

  /// The estimator whose mean is the gradient of what this one descends: on whole fresh episodes.
  var referenceName: String {
    plan.estimator.smoothsObjective ? FullES.id : FullGradient.id
  }
}

extension VarianceRow {
  /// The rows of estimators with their noise periods.
  ///
  /// - Parameters:
  ///   - base: A run's settings; what only its updates need may be missing.
  ///   - estimators: Names between commas, those of papers too; nil for that of `base`.
  ///   - periods: K's between commas, of estimators whose name decides none. Nil for that of `base` where
  ///     several estimators are named, and else for ``periods(of:)``.
  ///   - addsReferences: Whether the estimators that have no bias are added where they are not named.
  ///   - cancellation: Asked while one is measured.
  /// - Throws: What is wrong with one of them.
  package static func rows(
    _ base: RunSettings, estimators: String?, periods: String?, addsReferences: Bool = false,
    cancellation: Cancellation = .never
  ) throws -> [VarianceRow] {
    let base = base.over(
      RunSettings(["outer-optimizer-specs": "SGD||CONSTANT1e0", "outer-iterations": "1"]))
    func plan(_ changes: [String: String]) throws -> TrainingPlan {
      try TrainingPlan(RunSettings(changes).over(base), cancellation: cancellation)
    }
    let names =
      try estimators.map { try list($0, of: "gradient-estimator") }
      ?? [
        // Of a preset the name decides no K.
        algorithm(
          required(base["gradient-estimator"], "gradient-estimator", example: "NRES,PES,FullES")
        ).type.id
      ]
    let given = try periods.map { try list($0, of: "K") }
    var changes: [[String: String]] = []
    var takesPeriods = false
    for name in names {
      let (type, decidesPeriod) = try algorithm(name)
      guard type.needsNoisePeriod, !decidesPeriod else {
        changes.append(["gradient-estimator": name])
        continue
      }
      takesPeriods = true
      let own = names.count > 1 ? base["K"].map { [$0] } : nil
      let usual = { try Self.periods(of: plan(["gradient-estimator": type.id, "K": "1"])) }
      changes += try (given ?? own ?? usual()).map { ["gradient-estimator": name, "K": $0] }
    }
    if given != nil, !takesPeriods {
      throw SettingsError(
        "--K is of no use to \(names.joined(separator: ", ")): leave it out, or name an estimator "
          + "with a noise period of its own, such as TruncatedPESK")
    }
    var rows: [VarianceRow] = []
    func add(_ row: VarianceRow) {
      let isThere = rows.contains {
        ($0.estimator, $0.noisePeriod) == (row.estimator, row.noisePeriod)
      }
      if !isThere { rows.append(row) }
    }
    for change in changes { add(VarianceRow(try plan(change))) }
    if addsReferences {
      for row in rows { add(VarianceRow(try plan(["gradient-estimator": row.referenceName]))) }
    }
    return rows
  }

  /// The noise periods of a picture: W, 4 W, 16 W, … below T, and T. Without windows shorter than an
  /// episode, the first is T/64.
  static func periods(of plan: TrainingPlan) -> [String] {
    let length = plan.estimatorSettings.windowLength
    var period = length < plan.horizon ? length : max(1, plan.horizon / 64)
    var periods: [Int] = []
    while period < plan.horizon {
      periods.append(period)
      period *= 4
    }
    return (periods + [plan.horizon]).map(String.init)
  }

  /// The parts of a list of values of the setting called `name`.
  private static func list(_ text: String, of name: String) throws -> [String] {
    guard let declaration = RunSettings.declarations.first(where: { $0.name == name }) else {
      return [text]
    }
    return try SweepAxis.values(of: text, for: declaration)
  }

  /// What `name` names, and whether it decides K.
  private static func algorithm(
    _ name: String
  ) throws -> (type: any EstimatorAlgorithm.Type, decidesPeriod: Bool) {
    let alias = EstimatorAlias(in: RunSettings(["gradient-estimator": name]))
    return (try alias?.algorithm ?? estimatorAlgorithm(name), alias?.decidesPeriod ?? false)
  }
}
