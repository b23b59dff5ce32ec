/// What one environment step gave: the reward, its parts, and whether the episode ended.
public struct StepResult: Sendable {
  /// The sum of the reward's parts.
  public internal(set) var reward: Double
  /// The robot's episode ended with this step, by the environment's own rule.
  public internal(set) var isTerminated: Bool
  /// This step was the time limit's, and the state is the next episode's start.
  public internal(set) var isTruncated = false
  /// The simulation diverged in this step, which ended the episode; the reward is 0.
  public internal(set) var hasDiverged = false
  /// Whether the step was really taken. It is not where the episode ended before: the reward is 0.
  public internal(set) var isSimulated = true

  private let terms: Outcome<Double>.Terms
  private let infos: Outcome<Double>.Infos
  private let names: StepNames

  /// Whether a robot's episode ended with this step, for whichever reason.
  public var hasEnded: Bool { isTerminated || isTruncated || hasDiverged }

  init(_ outcome: Outcome<Double>, names: StepNames) {
    reward = outcome.reward
    isTerminated = outcome.isTerminated
    terms = outcome.rewardTerms
    infos = outcome.infos
    self.names = names
  }

  /// The reward's parts by name, in the order in which they are added.
  public var rewardTerms: [(name: String, value: Double)] {
    names.rewards.indices.map { (names.rewards[$0], terms[$0]) }
  }

  /// The reward's part called `name`; nil for a name that the environment does not have.
  public func rewardTerm(_ name: String) -> Double? {
    names.rewards.firstIndex(of: name).map { terms[$0] }
  }

  /// The value that Gymnasium's v4 environments report as `name`; nil for a name they do not have.
  public func info(_ name: String) -> Double? {
    names.infos.firstIndex(of: name).map { infos[$0] }
  }
}

extension StepResult: Equatable {
  public static func == (left: StepResult, right: StepResult) -> Bool {
    left.reward == right.reward && left.isTerminated == right.isTerminated
      && left.isTruncated == right.isTruncated && left.hasDiverged == right.hasDiverged
      && left.isSimulated == right.isSimulated
      && left.terms.indices.allSatisfy { left.terms[$0] == right.terms[$0] }
      && left.infos.indices.allSatisfy { left.infos[$0] == right.infos[$0] }
      && left.names.rewards == right.names.rewards && left.names.infos == right.names.infos
  }
}

/// What the values of a step are called. A thread has its own: results hold on to it, and threads
/// that count the holders of one object wait for each other.
final class StepNames: Sendable {
  let rewards, infos: [String]

  init(of spec: EnvironmentSpec) {
    rewards = spec.rewardNames
    infos = spec.infoNames
  }
}
