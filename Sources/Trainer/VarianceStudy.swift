import Estimators
import Randomness
import Settings
import Statistics

/// Measures the variance of gradient estimators at one θ, which stays as it is.
///
/// Each sample is an estimator made anew from a key of its own, burnt in as in training, and run through
/// the windows of one episode. No two of them share noise, of one row or of two.
package struct VarianceStudy {
  /// How much is measured.
  package enum Budget: Hashable, Sendable {
    /// Samples of each row: the numbers depend on nothing else.
    case samples(Int)
    /// Seconds of all rows together, and ``VarianceStudy/leastSamples`` of each in any case.
    case seconds(Double)
  }

  /// Without so many there is no standard error.
  package static let leastSamples = 3

  package private(set) var rows: [VarianceRow]
  private let application: any Application
  private let theta: [Float]

  package init(_ rows: [VarianceRow], of application: any Application, theta: [Float]) {
    (self.rows, self.application, self.theta) = (rows, application, theta)
  }

  /// What makes the estimators of `rows`, all of one task.
  ///
  /// - Throws: What keeps one of the estimators from the task.
  package static func application(of rows: [VarianceRow]) throws -> any Application {
    var checked: Set<String> = []
    var first: (any Application)?
    for row in rows where checked.insert(row.estimator).inserted {
      let application = try row.plan.makeApplication()
      first = first ?? application
    }
    guard let first else { throw SettingsError("there is no estimator to measure") }
    return first
  }

  /// Measures the rows in turn, such that all have as much of what there is.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked between samples; what was measured stays. A sample that is cancelled does not
  ///     count, and ends it too.
  ///   - report: Told the row that comes next and the seconds since the start.
  package mutating func run(
    _ budget: Budget, shouldStop: () -> Bool = { false },
    report: (_ study: VarianceStudy, _ row: VarianceRow, _ seconds: Double) -> Void = { _, _, _ in }
  ) throws {
    let start = ContinuousClock.now
    do {
      while !shouldStop() {
        let began = ContinuousClock.now
        let seconds = (began - start) / .seconds(1)
        guard let index = nextRow(budget, after: seconds) else { return }
        report(self, rows[index], seconds)
        try addSample(to: index)
        rows[index].duration += ContinuousClock.now - began
      }
    } catch is CancellationError {}
  }

  private func nextRow(_ budget: Budget, after seconds: Double) -> Int? {
    let leastMeasured = rows.indices.min { rows[$0].moments.count < rows[$1].moments.count }
    guard let leastMeasured else { return nil }
    switch budget {
    case .samples(let count):
      return rows[leastMeasured].moments.count < count ? leastMeasured : nil
    case .seconds(let limit):
      if rows[leastMeasured].moments.count < Self.leastSamples { return leastMeasured }
      if seconds >= limit { return nil }
      return rows.indices.min { rows[$0].duration < rows[$1].duration }
    }
  }

  private mutating func addSample(to index: Int) throws {
    let row = rows[index]
    let plan = row.plan
    let (start, windows) = row.sampleKey.split()
    let estimators = try (0..<plan.microbatches).map { part in
      try application.makeEstimator(
        plan, theta: theta, key: start.split(plan.microbatches, at: part), pool: plan.pool,
        state: nil, share: nil)
    }
    func steps() -> Int { estimators.reduce(0) { $0 + $1.environmentSteps } }
    let before = steps()
    let updates = try (0..<row.estimatesPerSample).map { window in
      try GradientUpdate(
        of: estimators, theta: theta, key: windows.split(row.estimatesPerSample, at: window))
    }
    rows[index].moments.add(updates.map(\.gradient))
    rows[index].estimateCount += updates.count
    rows[index].environmentSteps += steps() - before
    rows[index].nonFiniteCount += updates.reduce(0) { $0 + $1.nonFiniteCount }
  }

  /// The bias of a row: how far its mean is from that of the estimator on whole fresh episodes that descends
  /// the same; nil of that one itself, and where it is not among the rows or was not measured.
  package func bias(of row: VarianceRow) -> (value: Double, interval: ClosedRange<Double>)? {
    guard row.estimator != row.referenceName,
      let reference = rows.first(where: { $0.estimator == row.referenceName })
    else { return nil }
    return row.moments.bias(against: reference.moments)
  }

  /// The variance that a row would have with as many env steps an estimate as the row that takes fewest.
  package func varianceAtEqualSteps(of row: VarianceRow) -> Double? {
    let steps = rows.filter { $0.estimateCount > 0 }.map(\.estimateSteps)
    guard let least = steps.min(), least > 0 else { return nil }
    return row.moments.totalVariance.map { $0.value * row.estimateSteps / least }
  }
}

extension VarianceRow {
  /// The key of the sample that comes next: it follows from seed, estimator, K and the number of samples,
  /// and not from the other rows.
  fileprivate var sampleKey: PRNGKey {
    // FNV-1a.
    let name = "\(estimator) \(noisePeriod ?? 0)"
    let hash = name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let places = 1 << 30
    return PRNGKey(seed: plan.remainingSeed).split(3, at: 2).split(places, at: Int(hash >> 2))
      .split(places, at: moments.count)
  }
}
