import ArgumentParser
import Envs
import Foundation
import Randomness
import Records
import Settings
import Tasks
import Trainer

/// What of a run's settings matters to an episode.
enum RolloutSettings: SettingsDeclaring {
  static let declarations = RunSettings.declarations.filter {
    ["env-option", "physics"].contains($0.name)
  }
}

/// `nres rollout`: one episode.
struct Rollout: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one episode and print it step by step or as a sum.",
    discussion: """
      Without --theta or --actions every action is zero. A file of actions has one step a line, \
      its numbers between commas. The episode ends where the environment says so (terminated), at \
      the time limit (truncated) or with the file. mj_step takes the steps, or a lane with --physics \
      lanes.
      """)

  @Argument(
    help: ArgumentHelp("The environment, or a robot's YAML file.", valueName: "environment"))
  var environment: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the reset (default: 0).", valueName: "seed"),
    transform: wholeNumber)
  var seed: Int = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Act by the policy of this run or θ file.", valueName: "run"))
  var theta: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The iteration of the run: its number, last or best, the one of the highest logged reward "
        + "(default: last).", valueName: "i"))
  var iteration: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Take the actions of this CSV file.", valueName: "file"))
  var actions: String?

  @Option(
    name: .customLong("horizon-length"), parsing: .unconditional,
    help: ArgumentHelp("Steps of the episode (default: the environment's).", valueName: "t"),
    transform: wholeNumber)
  var horizonLength: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("An MJCF file in place of the built-in model.", valueName: "path"))
  var model: String?

  @OptionGroup var settings: Flags<RolloutSettings>

  @Flag(help: "Print the sums of the episode only.")
  var sum = false

  @Flag(help: "Print JSON: a line a step, or one for the sums.")
  var json = false

  func run() throws {
    guard theta == nil || actions == nil else {
      throw SettingsError("--theta and --actions exclude each other: give one of them")
    }
    guard iteration == nil || theta != nil else {
      throw SettingsError("--iteration needs --theta, the run to take it from")
    }
    guard let seed = UInt32(exactly: seed) else {
      throw SettingsError("--seed is \(seed): it must be between 0 and \(UInt32.max)")
    }
    let saved = try theta.map { try SavedTheta(path: $0) }
    let type = try chosenEnvironment(of: saved)
    let length = horizonLength ?? type.spec.timeLimit
    guard (1...1_000_000_000).contains(length) else {
      throw SettingsError(
        "--horizon-length is \(length): it must be between 1 and 1000000000")
    }
    let physics = try settings.engine ?? .auto
    guard actions == nil || physics != .lanes else {
      throw SettingsError(
        "--physics lanes has actions in single precision, --actions in double: "
          + "use --physics auto or mujoco")
    }
    let simulator = try Simulator(
      type, timeLimit: length + 1, modelPath: try chosenModel(), physics: physics)
    let episode = Episode(
      simulator: simulator, length: length, seed: seed, actor: try actor(simulator, saved),
      isInLanes: physics == .lanes)
    let printer = StepPrinter(spec: simulator.spec, json: json)
    if !sum { try printer.begin() }
    var total = EpisodeSum(of: simulator.spec)
    try episode.run { step in
      total.add(step)
      if !sum { try printer.show(step) }
    }
    if sum { try printLine(json ? try jsonLine(total) : total.text) }
  }

  /// The model that was given, or that of the run whose policy acts.
  private func chosenModel() throws -> String? {
    guard let theta, let run = RunFolder.containing(theta) else { return model }
    guard let model else { return try run.keptModel() }
    if run.inputs["model"] != nil {
      tell(notes: ["--model \(model) is in place of the model that the run was trained on"])
    }
    return model
  }

  /// The environment with the parameters that were given, over those of the policy's training in it.
  private func chosenEnvironment(of saved: SavedTheta?) throws -> any Environment {
    let labels = saved?.labels ?? RunSettings()
    var given = settings.given
    given["gym-env-name"] = environment
    return try given.over(labels).group(ControlSettings.self).chosenEnvironment()
  }

  private func actor(_ simulator: Simulator, _ saved: SavedTheta?) throws -> Episode.Actor {
    if let actions {
      return .actions(try readActions(actions, width: simulator.spec.actionCount))
    }
    guard let theta, let saved else { return .nothing }
    guard let policy = Policy(layout: saved.layout, for: simulator.spec) else {
      throw SettingsError(
        "--theta \(theta) holds \(saved.layout.summary), no policy for \(simulator.spec.id): "
          + "use a run of that environment")
    }
    let chosen = try saved.iterations(matching: .one(iteration ?? "last")) {
      try RunFolder.containing(theta)?.bestIteration(in: saved.iterations)
    }
    let parameters = try saved.theta(at: chosen[0], layout: policy.layout)
    if let trained = saved.labels["gym-env-name"], trained != simulator.spec.id {
      tell(notes: ["--theta \(theta) was trained in \(trained)"])
    }
    return .policy(policy, theta: parameters)
  }
}
