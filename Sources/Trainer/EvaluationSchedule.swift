/// At which iterations θ is evaluated.
public struct EvaluationSchedule: Hashable, Sendable {
  /// When the evaluations run: interleaved with training or from the saved trajectory after it,
  /// with the same keys and so the same numbers.
  public enum Time: Hashable, Sendable { case never, during, after }

  public let time: Time
  private let period: Int
  private let watershed: Int?
  private let secondPeriod: Int

  init(_ settings: RunSettings) throws {
    time =
      settings.runTestDuringTraining == true
      ? .during : settings.runTestAfterTraining == true ? .after : .never
    period = settings.evalFreq ?? 1
    guard period >= 1 else { throw SettingsError.atLeast(1, "eval-freq", period) }
    watershed = settings.evalWatershed
    if let watershed, watershed < 0 {
      throw SettingsError.atLeast(0, "eval-watershed", watershed)
    }
    guard watershed == nil || settings.secondEvalFreq != nil else {
      throw SettingsError(
        "--second-eval-freq is missing: --eval-watershed needs the frequency that follows it")
    }
    secondPeriod = settings.secondEvalFreq ?? period
    guard secondPeriod >= 1 else {
      throw SettingsError.atLeast(1, "second-eval-freq", secondPeriod)
    }
  }

  /// Whether θ of `iteration` is evaluated.
  public func includes(_ iteration: Int) -> Bool {
    iteration.isMultiple(of: watershed.map { iteration > $0 } == true ? secondPeriod : period)
  }
}
