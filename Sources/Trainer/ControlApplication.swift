import Envs
public import Estimators
public import Parameters
public import Randomness
public import Tasks
public import Workers

/// Reinforcement learning on MuJoCo environments.
public struct ControlApplication: Application {
  public static let family = "rl"
  public static let ownSettings: [RunSettings.Name] = [
    .gymEnvName, .rlPolicyArchitecture, .rlInitType, .rlInitScale, .rlModelPath, .rlModelIteration,
    .model, .onDivergence,
  ]
  public static var defaults: RunSettings {
    var settings = RunSettings()
    settings.horizonLength = 1000
    settings.rlPolicyArchitecture = "linear"
    settings.rlInitType = "zero"
    settings.rlInitScale = 0.03
    settings.onDivergence = "fail"
    return settings
  }
  public static let headline = Headline(
    tag: "test/unperturbed_test_reward", label: "reward", isHigherBetter: true, decimals: 1)

  public let task: ControlTask

  public var name: String { task.simulator.spec.id }
  public var layout: ParameterLayout { task.layout }

  public init(_ plan: TrainingPlan) throws {
    let settings = plan.settings
    guard let name = settings.gymEnvName else {
      throw SettingsError.missing(
        "gym-env-name", example: EnvironmentCatalogue.all.first.map { $0.spec.id } ?? "")
    }
    let environment = try EnvironmentCatalogue.named(name)
    let architecture = try choice(
      Policy.Architecture.self, settings.rlPolicyArchitecture, "rl-policy-architecture")
    let initialization = try choice(
      Policy.Initialization.self, settings.rlInitType, "rl-init-type")
    let divergence = try choice(DivergencePolicy.self, settings.onDivergence, "on-divergence")
    let scale = try positiveFloat(settings.rlInitScale ?? 0, "rl-init-scale")
    let simulator = try Simulator(
      environment, timeLimit: plan.horizon, modelPath: settings.model, onDivergence: divergence)
    let layout = Policy(
      architecture, observationCount: simulator.spec.observationCount,
      actionCount: simulator.spec.actionCount
    ).layout
    task = ControlTask(
      simulator: simulator, architecture: architecture, initialization: initialization,
      initializationScale: Double(scale),
      givenParameters: try givenParameters(settings, layout: layout))
  }

  public func initialParameters(key: PRNGKey) throws -> [Float] {
    task.initialParameters(key: key)
  }

  public func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) throws -> any GradientEstimator {
    try plan.estimator.make(
      task, settings: plan.estimatorSettings, theta: theta, key: key, pool: pool)
  }

  public func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] {
    let rewards = try task.episodeReturns(theta: theta, key: keys.test, pool: pool)
    var scalars = EpisodeStatistics(rewards).scalars(Self.headline.tag)
    if plan.estimator.smoothsObjective {
      let rewards = try task.episodeReturns(
        theta: theta, key: keys.smoothed, sigma: Float(plan.estimatorSettings.sigma), pool: pool)
      scalars += EpisodeStatistics(rewards).scalars("test/smoothed_train_reward")
    }
    return scalars
  }
}

/// The case of `Choice` called `name`.
private func choice<Choice: RawRepresentable & CaseIterable>(
  _ type: Choice.Type, _ name: String?, _ flag: String
) throws -> Choice where Choice.RawValue == String {
  if let choice = name.flatMap({ Choice(rawValue: $0.lowercased()) }) { return choice }
  let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
  throw SettingsError("--\(flag) is '\(name ?? "")': choose from \(choices)")
}

/// θ₀ from a saved run, if the settings ask for one.
private func givenParameters(_ settings: RunSettings, layout: ParameterLayout) throws -> [Float]? {
  switch (settings.rlModelPath, settings.rlModelIteration) {
  case (nil, nil): return nil
  case (nil, _?):
    throw SettingsError("--rl-model-path is missing: --rl-model-iteration needs a saved run")
  case (_?, nil):
    throw SettingsError(
      "--rl-model-iteration is missing: say which iteration of --rl-model-path to take")
  case (let path?, let iteration?):
    return try SavedTheta(path: path).theta(at: iteration, layout: layout)
  }
}
