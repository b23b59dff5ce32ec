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
    let names = ["step", "reward", "terminated", "truncated"] + spec.infoNames + actions
    try printLine(names.joined(separator: ","))
  }

  func show(_ step: Episode.Step) throws {
    let info = spec.infoNames.map { ($0, step.result.info($0) ?? 0) }
    if json {
      try printLine(
        try jsonLine(
          Line(
            step: step.index, reward: step.result.reward, terminated: step.result.isTerminated,
            truncated: step.isTruncated,
            info: Dictionary(uniqueKeysWithValues: info), action: step.action,
            observation: step.observation, nextObservation: step.nextObservation)))
    } else {
      let ends = [step.result.isTerminated, step.isTruncated].map { $0 ? 1 : 0 }
      let whole = "\(step.index),\(step.result.reward),\(ends[0]),\(ends[1])"
      try printLine(
        ([whole] + (info.map(\.1) + step.action).map { "\($0)" }).joined(separator: ","))
    }
  }
}
