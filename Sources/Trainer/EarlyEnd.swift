import Settings

/// When a run ends before its last iteration, by its evaluations.
struct EarlyEnd: Hashable, Sendable {
  /// The settings that it is made of.
  static let names = ["stop-at", "stop-for", "patience"]

  /// The headline that is to be reached.
  private let target: Double?
  /// By so many evaluations one after the other.
  private let count: Int
  /// The run ends after so many evaluations without a better one.
  private let patience: Int?

  init(_ loop: LoopSettings, _ evaluation: EvaluationSchedule) throws {
    target = loop.stopAt
    patience = try loop.patience.map { try atLeast(1, $0, "patience") }
    count = try loop.stopFor.map { try atLeast(1, $0, "stop-for") } ?? 1
    if let target, !target.isFinite {
      throw SettingsError("--stop-at is \(target): it must be a finite number")
    }
    if loop.stopFor != nil, target == nil {
      throw SettingsError("--stop-at is missing: --stop-for needs the number to be reached")
    }
    guard evaluation.time != .during else { return }
    for (name, isGiven) in [("stop-at", target != nil), ("patience", patience != nil)]
    where isGiven {
      throw SettingsError(
        "--\(name) needs evaluations during training: add --run-test-during-training")
    }
  }

  /// How the evaluations of a run went.
  struct Record: Codable, Hashable {
    /// The best one; the first of equals.
    var best: Evaluated?
    /// Evaluations since that one.
    var sinceBest = 0
    /// How many, the last one included, have reached the target one after the other.
    var reached = 0
  }

  /// Adds an evaluation to `record`; one that is not finite is neither good nor better.
  func note(_ evaluated: Evaluated, _ headline: Headline, in record: inout Record) {
    let (value, isFinite) = (evaluated.value, evaluated.value.isFinite)
    if isFinite, record.best.map({ headline.isBetter(value, than: $0.value) }) ?? true {
      (record.best, record.sinceBest) = (evaluated, 0)
    } else {
      record.sinceBest += 1
    }
    let hasReached = isFinite && target.map { !headline.isBetter($0, than: value) } == true
    record.reached = hasReached ? record.reached + 1 : 0
  }

  /// Why a run ends that has come so far; nil for one that goes on.
  func ending(after record: Record) -> TrainingState.Ending? {
    if record.reached >= count { return .reached }
    if let patience, record.sinceBest >= patience { return .noImprovement }
    return nil
  }

  /// An ending in words: `reward reached 325`.
  func text(_ ending: TrainingState.Ending, _ headline: Headline) -> String? {
    func evaluations(_ count: Int) -> String { "\(count) evaluation\(count == 1 ? "" : "s")" }
    switch ending {
    case .diverged: return nil
    case .reached:
      let target = target.map { Int(exactly: $0).map { "\($0)" } ?? "\($0)" } ?? ""
      return "\(headline.label) reached \(target)"
        + (count > 1 ? " in \(evaluations(count)) one after the other" : "")
    case .noImprovement:
      return "no better \(headline.label) in \(evaluations(patience ?? 0))"
    }
  }
}
