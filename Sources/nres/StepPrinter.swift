import Envs

/// Prints steps as CSV or as JSON lines.
struct StepPrinter {
  let spec: EnvironmentSpec
  let json: Bool

  private struct Line: Encodable {
    var step: Int
    var reward: Double
    var terminated: Bool
    var truncated: Bool
    var info: [String: Double]
    var action: [Double]
    var observation: [Double]
    var nextObservation: [Double]

    private enum CodingKeys: String, CodingKey {
      case step
      case reward
      case terminated
      case truncated
      case info
      case action
      case observation
      case nextObservation = "next_observation"
    }
  }

  func begin() throws {
    guard !json else { return }
    let actions = (0..<spec.actionCount).map { "action_\($0)" }
    try printLine((["step", "reward"] + spec.infoNames + actions).joined(separator: ","))
  }

  func show(_ step: Episode.Step) throws {
    let info = spec.infoNames.map { ($0, step.result.info($0) ?? 0) }
    if json {
      try printLine(
        try jsonLine(
          Line(
            step: step.index, reward: step.result.reward,
            terminated: step.result.isTerminated, truncated: step.isTruncated,
            info: Dictionary(uniqueKeysWithValues: info), action: step.action,
            observation: step.observation, nextObservation: step.nextObservation)))
    } else {
      let values = [step.result.reward] + info.map(\.1) + step.action
      try printLine("\(step.index)," + values.map { "\($0)" }.joined(separator: ","))
    }
  }
}
