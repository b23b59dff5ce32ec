import ArgumentParser
import Settings
import Tasks
import Trainer

/// The flags of `nres replay --numbers`.
struct NumbersFlags: ParsableArguments {
  @Flag(help: "Print each iteration's mean reward with its 95 % interval; no pictures.")
  var numbers = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Episodes of each iteration (default: 20).", valueName: "n"),
    transform: wholeNumber)
  var episodes: Int?

  @OptionGroup var engine: Flags<SavedEngineSetting>

  @Flag(help: "Print JSON, a line an iteration, with every episode's seed and reward.")
  var json = false

  /// The mode that is asked for; nil without `--numbers`.
  func mode() throws -> ReplayNumbers? {
    guard numbers else {
      let flags = [
        (json, "--json"), (episodes != nil, "--episodes"),
        (engine.given["physics"] != nil, "--physics"),
      ]
      for (isGiven, flag) in flags where isGiven {
        throw SettingsError("\(flag) needs --numbers")
      }
      return nil
    }
    let episodes = episodes ?? ControlTask.evaluationEpisodes
    guard (1...10_000).contains(episodes) else {
      throw SettingsError("--episodes is \(episodes): it must be between 1 and 10000")
    }
    return ReplayNumbers(episodes: episodes, json: json)
  }
}

/// `nres replay --numbers`: what policies earn, without pictures.
struct ReplayNumbers {
  let episodes: Int
  let json: Bool

  /// Prints a line for each of `iterations`.
  ///
  /// - Parameter seed: Of the first episode; nil for that of each iteration's evaluation.
  func run(_ policies: SavedPolicies, at iterations: [Int], seed: UInt32?) throws {
    try policies.replay(iterations, episodes: episodes, seed: seed) { replayed in
      try printLine(
        json
          ? try jsonLine(Line(replayed, environment: policies.environment))
          : text(replayed))
    }
  }

  private func text(_ replayed: ReplayedEpisodes) -> String {
    let statistics = replayed.statistics
    let reward = "iteration \(replayed.iteration)   reward \(decimal(statistics.mean, 2))"
    guard let first = replayed.seeds.first, let last = replayed.seeds.last, episodes > 1 else {
      return reward + replayed.seeds.map { "   1 episode, seed \($0)" }.joined()
    }
    return reward + " ± \(decimal(statistics.halfWidth, 2))"
      + "   \(episodes) episodes, seeds \(first) to \(last)"
  }

  private struct Line: Encodable {
    var iteration: Int
    var reward: Double
    var halfWidth: Double
    var environment: String
    var seeds: [UInt32]
    var rewards: [Double]

    init(_ replayed: ReplayedEpisodes, environment: String) {
      iteration = replayed.iteration
      reward = replayed.statistics.mean
      halfWidth = replayed.statistics.halfWidth
      self.environment = environment
      seeds = replayed.seeds
      rewards = replayed.rewards
    }

    private enum CodingKeys: String, CodingKey {
      case iteration
      case reward
      case halfWidth = "reward_ci"
      case environment
      case seeds
      case rewards
    }
  }
}
