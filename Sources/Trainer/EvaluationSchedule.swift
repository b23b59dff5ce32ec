import Records
import Settings

/// At which iterations θ is evaluated.
package struct EvaluationSchedule: Hashable, Sendable {
  /// When the evaluations run: interleaved with training or from the saved trajectory after it,
  /// with the same keys and so the same numbers.
  package enum Time: Hashable, Sendable { case never, during, after }

  package let time: Time
  private let period: Int
  private let watershed: Int?
  private let secondPeriod: Int

  init(_ settings: EvaluationSettings) throws {
    switch (settings.isDuringTraining, settings.isAfterTraining) {
    case (true, true):
      throw SettingsError(
        "--run-test-during-training and --run-test-after-training exclude each other: "
          + "take one back with --no-run-test-during-training or --no-run-test-after-training")
    case (true, false): time = .during
    case (false, true): time = .after
    case (false, false): time = .never
    }
    period = try atLeast(1, settings.period, "eval-freq")
    switch (settings.watershed, settings.secondPeriod) {
    case (nil, nil): (watershed, secondPeriod) = (nil, period)
    case (let watershed?, let second):
      self.watershed = try atLeast(0, watershed, "eval-watershed")
      guard let second else {
        throw SettingsError(
          "--second-eval-freq is missing: --eval-watershed needs the frequency that follows it")
      }
      secondPeriod = try atLeast(1, second, "second-eval-freq")
    case (nil, _?):
      throw SettingsError(
        "--eval-watershed is missing: --second-eval-freq needs the iteration it follows")
    }
  }

  /// Refuses evaluations of saved θ's at iterations that are not among `kept`.
  func check(_ kept: KeptIterations) throws {
    guard time == .after else { return }
    func missing(_ flag: String, _ period: Int, from first: Int, through last: Int) throws {
      // Where the period is no multiple, the first or the second iteration is missing.
      guard !period.isMultiple(of: kept.every) else { return }
      let multiples = stride(from: first, through: last, by: period)
      guard let iteration = multiples.first(where: { !kept.contains($0) }) else { return }
      throw SettingsError(
        "--run-test-after-training evaluates iteration \(iteration) (--\(flag) \(period)), which "
          + "--theta-every \(kept.every) does not keep: choose a divisor of \(period), or "
          + "--run-test-during-training")
    }
    let first = min(watershed ?? .max, kept.final)
    try missing("eval-freq", period, from: 0, through: first)
    let next = (first / secondPeriod + 1) * secondPeriod
    try missing("second-eval-freq", secondPeriod, from: next, through: kept.final)
  }

  /// Whether θ of `iteration` is evaluated.
  package func includes(_ iteration: Int) -> Bool {
    iteration.isMultiple(of: watershed.map { iteration > $0 } == true ? secondPeriod : period)
  }
}
