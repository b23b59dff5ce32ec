public import Envs
public import Settings
public import Tasks

/// The environment and the policy.
package struct ControlSettings: SettingsGroup {
  /// A Gymnasium-v4 environment or a robot's file; required.
  package var environment: String?
  /// Its parameters, where they are not the usual ones.
  package var options = NamedValues()
  package var architecture = Policy.Architecture.linear
  package var initialization = Policy.Initialization.zero
  /// Variance scale of a normal initialization.
  package var initializationScale = 0.03
  /// Whether the policy sees observations less their mean, divided by their deviation.
  package var normalizesObservations = false
  /// A run folder or θ file to take θ₀ from.
  package var originPath: String?
  /// The iteration of that run: a number, `last` or `best`.
  package var originIteration: String?
  /// An MJCF file in place of the environment's own model.
  package var model: String?
  /// What a diverged simulation does.
  package var onDivergence = DivergencePolicy.fail
  /// What steps the environments.
  package var physics = PhysicsEngine.auto

  package init() {}

  package static let settings: [Setting<ControlSettings>] = [
    Setting(
      "gym-env-name", alias: "environment", \.environment,
      help: alternatives(EnvironmentCatalogue.all.map { $0.spec.id } + ["a robot's YAML file"])
        + ".",
      valueName: "name", role: .runName),
    Setting(
      "env-option", \.options,
      help:
        "A parameter of the environment, such as healthy_z_range=0.7,inf, a flag for each; `nres "
        + "list Hopper-v4` shows them. They are laid over a preset's or a run's name by name; another "
        + "environment than theirs begins with its own.", valueName: "name=value"),
    Setting(
      "rl-policy-architecture", \.architecture, help: "linear or mlp (default: linear).",
      valueName: "name"),
    Setting(
      "rl-init-type", \.initialization, help: "zero or normal (default: zero).",
      valueName: "name"),
    Setting(
      "rl-init-scale", \.initializationScale, help: "Variance scale of normal (default: 0.03).",
      valueName: "x"),
    Setting(
      "normalize-observations", \.normalizesObservations,
      help: "The policy sees observations less the mean of all that training met in the iterations "
        + "before, divided by their deviation; θ has both in it."),
    Setting(
      "rl-model-path", \.originPath, help: "Take θ at iteration 0 from this run or θ file.",
      valueName: "path", role: .originPlace),
    Setting(
      "rl-model-iteration", \.originIteration,
      help: "The iteration to take from it: its number, last or best.", valueName: "i",
      role: .origin),
    Setting(
      "model", \.model, help: "An MJCF file in place of the built-in model.", valueName: "path",
      role: .place),
    Setting(
      "on-divergence", \.onDivergence,
      help: "When a simulation diverges in training: fail ends the run, reset ends its episode "
        + "(default: fail). An evaluation's reward is nan then.", valueName: "policy"),
    Setting(
      "physics", \.physics,
      help: "What steps environments: lanes, several side by side, mujoco, one after another, or "
        + "auto, lanes where they do all that the model has (default: auto). The numbers are the "
        + "same.", valueName: "engine"),
  ]
}

extension ControlSettings {
  /// The environment that was asked for, with its parameters.
  ///
  /// - Throws: `UnknownName` with the nearest name, `SettingsError` that names the flag.
  package func chosenEnvironment(
    among environments: [any Environment] = EnvironmentCatalogue.all
  ) throws -> any Environment {
    let name = try required(
      environment, "gym-env-name", example: EnvironmentCatalogue.all.first.map { $0.spec.id } ?? "")
    let chosen = try EnvironmentCatalogue.named(name, among: environments)
    do {
      return try chosen.setting(options.values)
    } catch {
      guard case .invalidParameter(let environment, let message) = error else { throw error }
      throw SettingsError("--env-option of \(environment): \(message)")
    }
  }
}

extension Policy.Architecture: SettingValue {}
extension Policy.Initialization: SettingValue {}
extension DivergencePolicy: SettingValue {}
extension PhysicsEngine: SettingValue {}
