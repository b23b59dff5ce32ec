import Envs
package import Estimators
package import Parameters
package import Randomness
import Settings
package import Snapshots
package import Tasks
package import Unrolls
package import Workers

/// Reinforcement learning on MuJoCo environments.
package struct ControlApplication: Application {
  package typealias Settings = ControlSettings

  package static let family = "rl"
  package static let title = "Environment and policy"
  package static let horizon = 1000
  package static let horizonText = "the environment's time limit"
  package static let headline = Headline(
    tag: "test/unperturbed_test_reward", label: "reward", isHigherBetter: true, decimals: 1)

  package let task: ControlTask
  package let notes: [String]
  package let thetaLabels: RunSettings

  package var engine: String? { task.simulator.engine.rawValue }

  package var name: String { task.simulator.spec.id }
  package var layout: ParameterLayout { task.layout }

  package static func horizon(for given: RunSettings) throws -> Int {
    try given["gym-env-name"].map { try EnvironmentCatalogue.named($0).spec.timeLimit } ?? horizon
  }

  package init(_ plan: TrainingPlan) throws {
    let settings = try plan.settings.group(ControlSettings.self)
    let environment = try settings.chosenEnvironment()
    var labels = RunSettings(["gym-env-name": environment.spec.id])
    labels["env-option"] = settings.options.settingText
    thetaLabels = labels
    let scale = try positiveFloat(settings.initializationScale, "rl-init-scale")
    let simulator: Simulator
    do {
      simulator = try Simulator(
        environment, timeLimit: plan.horizon, modelPath: settings.model,
        onDivergence: settings.onDivergence, physics: settings.physics,
        cancellation: plan.pool.cancellation)
    } catch {
      try plan.pool.cancellation.check()
      throw error
    }
    notes = fallbackNotes(settings, robot: plan.settings.robotFile, simulator)
    let layout = Policy(
      settings.architecture, observationCount: simulator.spec.observationCount,
      actionCount: simulator.spec.actionCount,
      normalizesObservations: settings.normalizesObservations
    ).layout
    var task = ControlTask(
      simulator: simulator, architecture: settings.architecture,
      initialization: settings.initialization, initializationScale: scale,
      givenParameters: try givenParameters(settings, layout: layout),
      normalizesObservations: settings.normalizesObservations)
    task.cancellation = plan.pool.cancellation
    self.task = task
    try plan.checkEstimator(of: task)
  }

  package func initialParameters(key: PRNGKey) throws -> [Float] {
    task.initialParameters(key: key)
  }

  package func moments(of theta: [Float]) -> Moments { task.policy.moments(of: theta) }

  package func use(_ moments: Moments, in theta: inout [Float]) {
    task.policy.use(moments, in: &theta)
  }

  package func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool,
    state: Snapshot?, share: ParticleShare?
  ) throws -> any GradientEstimator {
    try plan.estimator.make(
      task, settings: plan.estimatorSettings, theta: theta, key: key, pool: pool,
      state: state, share: share)
  }

  package func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] {
    let tested = try task.episodeReturns(theta: theta, key: keys.test, pool: pool)
    var scalars = EpisodeStatistics(tested).scalars(Self.headline.tag)
    if plan.estimator.smoothsObjective {
      let rewards = try task.episodeReturns(
        theta: theta, key: keys.smoothed, sigma: Float(plan.estimatorSettings.sigma), pool: pool)
      scalars += EpisodeStatistics(rewards).scalars("test/smoothed_train_reward")
    }
    // Most evaluations have none.
    let diverged = tested.count { $0.isNaN }
    if diverged > 0 { scalars.append(Scalar("test/diverged_episodes", Double(diverged))) }
    return scalars
  }
}

/// Says so where what was given cannot run in lanes, though it may.
private func fallbackNotes(
  _ settings: ControlSettings, robot: String?, _ simulator: Simulator
) -> [String] {
  // Of a built-in environment with its usual parameters `nres list` says it.
  let cause =
    settings.model ?? robot
    ?? settings.options.settingText.map { "\(simulator.spec.id) with \($0)" }
  guard settings.physics == .auto, let cause, simulator.engine == .mujoco else { return [] }
  return ["\(cause): environments run on \(simulator.engineSummary)"]
}

/// θ₀ from a saved run, if the settings ask for one.
private func givenParameters(_ settings: ControlSettings, layout: ParameterLayout) throws
  -> [Float]?
{
  switch (settings.originPath, settings.originIteration) {
  case (nil, nil): return nil
  case (nil, _?):
    throw SettingsError("--rl-model-path is missing: --rl-model-iteration needs a saved run")
  case (_?, nil):
    throw SettingsError(
      "--rl-model-iteration is missing: say which iteration of --rl-model-path to take")
  case (let path?, let iteration?):
    let saved = try SavedTheta(path: path)
    return try saved.theta(at: originIteration(iteration, of: saved, at: path), layout: layout)
  }
}

/// The iteration of the run or file at `path` that `--rl-model-iteration` asks for.
private func originIteration(_ text: String, of saved: SavedTheta, at path: String) throws -> Int {
  let selection = IterationSelection.one(text, flag: "--rl-model-iteration")
  return try saved.iterations(matching: selection) {
    try RunFolder.containing(path)?.bestIteration(in: saved.iterations)
  }[0]
}

extension RunSettings {
  /// The same with the number of the iteration that θ₀ is of: `last` and `best` of a run that goes on
  /// would be another one when the settings are used again.
  package var withOriginNumbered: RunSettings {
    get throws {
      guard let path = self["rl-model-path"], let text = self["rl-model-iteration"],
        Int(text) == nil
      else { return self }
      var settings = self
      settings["rl-model-iteration"] =
        try originIteration(text, of: SavedTheta(path: path), at: path).description
      return settings
    }
  }
}
