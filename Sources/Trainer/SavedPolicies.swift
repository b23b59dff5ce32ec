package import Envs
import Foundation
import Parameters
package import Records
import Settings
package import Tasks
package import Workers

/// The policies of a run, or of a θ file alone, with all that it takes to replay them.
package struct SavedPolicies: Sendable {
  /// The file or folder that was opened.
  package let path: String
  /// The run's task, or the environment that fits θ, with its own horizon.
  package let task: ControlTask
  /// The threads to run on: those asked for, the run's, or one for each processor that it may
  /// use.
  package let pool: WorkerPool
  private let saved: SavedTheta
  private let run: SavedRun?

  /// Opens a run folder, the θ file in one, or any θ file or folder.
  ///
  /// - Parameters:
  ///   - path: Where `config.json` is there or beside, everything is as that run's settings say.
  ///   - environment: The environment's name, where it is not to be the run's or the one that the
  ///     file says or θ fits.
  ///   - model: An MJCF file in place of the environment's own model.
  ///   - threads: Threads to run on.
  ///   - physics: What steps several episodes, where it is not to be the run's.
  ///   - environments: Those to find θ's among.
  /// - Throws: One line about the file or the flag.
  package init(
    path: String, environment: String? = nil, model: String? = nil, threads: Int? = nil,
    physics: PhysicsEngine? = nil,
    among environments: [any Environment] = EnvironmentCatalogue.all
  ) throws {
    self.path = path
    if let folder = try controlRun(containing: path) {
      let changes = [
        "gym-env-name": environment, "model": model, "threads": threads.map { "\($0)" },
        "physics": physics?.rawValue,
      ]
      let run = try SavedRun(
        path: folder.path, changes: RunSettings(changes.compactMapValues { $0 }))
      guard let application = run.application as? ControlApplication else {
        preconditionFailure("a run of reinforcement learning")
      }
      (self.run, saved, task, pool) = (run, run.saved, application.task, run.plan.pool)
      if environment != nil { _ = try saved.policy(for: task.simulator.environment) }
    } else {
      run = nil
      saved = try SavedTheta(path: path)
      let type = try saved.environment(named: environment, among: environments)
      let policy = try saved.policy(for: type)
      task = ControlTask(
        simulator: try Simulator(type, modelPath: model, physics: physics ?? .auto),
        architecture: policy.architecture,
        normalizesObservations: policy.normalizesObservations)
      pool = try WorkerPool(threads: threads)
    }
  }

  /// What a person should know of what was changed: a line each.
  package var notes: [String] { run?.notes ?? [] }

  /// The environment's name.
  package var environment: String { task.simulator.spec.id }

  /// The iterations whose θ is there.
  package var iterations: KeptIterations { saved.iterations }

  /// The iterations of `selection`.
  ///
  /// - Throws: `SettingsError` with the flag and what can be chosen; `RecordError` for a file that
  ///   has no iteration yet and for an unreadable table of evaluations.
  package func iterations(matching selection: IterationSelection) throws -> [Int] {
    guard let run else { return try saved.iterations(matching: selection) { nil } }
    return try run.iterations(matching: selection)
  }

  /// θ of `iteration`.
  package func theta(at iteration: Int) throws -> [Float] {
    try saved.theta(at: iteration, layout: task.layout)
  }

  /// The NumPy seed of the first episode in the run's evaluation of each of `iterations`; 0 where
  /// there is no run.
  package func evaluationSeeds(at iterations: [Int]) -> [UInt32] {
    guard let run else { return iterations.map { _ in 0 } }
    return run.keys(at: iterations).map { ControlTask.evaluationSeed(key: $0.test) }
  }
}

/// The run that `path` is in; nil if it is no run's.
///
/// - Throws: `RecordError` for a run that has no policies.
private func controlRun(containing path: String) throws -> RunFolder? {
  guard let run = RunFolder.containing(path) else { return nil }
  let family =
    try run.configuration().settings[RunSettings.application] ?? ControlApplication.family
  guard family.lowercased() == ControlApplication.family else {
    throw RecordError(
      .dataError, run.configurationPath,
      "is of a run of '\(family)', which has no policies: "
        + "give a run of \(ControlApplication.family)")
  }
  return run
}

extension SavedTheta {
  /// The policy that θ is for `environment`, which was named.
  fileprivate func policy(for environment: any Environment) throws -> Policy {
    if let policy = Policy(layout: layout, for: environment.spec) { return policy }
    throw SettingsError(
      "--gym-env-name \(environment.spec.id) does not fit \(path), which holds \(layout.summary): "
        + "leave it out or name the environment it was trained in")
  }

  /// The environment that the file says, with its parameters, if θ is a policy for it.
  package func labelledEnvironment(
    among environments: [any Environment] = EnvironmentCatalogue.all
  ) -> (any Environment)? {
    let labelled = try? labels.group(ControlSettings.self).chosenEnvironment(among: environments)
    return labelled.flatMap { Policy(layout: layout, for: $0.spec) == nil ? nil : $0 }
  }

  /// The environment called `name`; without a name the one that the file says, or else the one of
  /// `environments` that θ is a policy for.
  fileprivate func environment(
    named name: String?, among environments: [any Environment]
  ) throws -> any Environment {
    if let name {
      return try RunSettings(["gym-env-name": name]).over(labels).group(ControlSettings.self)
        .chosenEnvironment()
    }
    if let labelled = labelledEnvironment(among: environments) { return labelled }
    if let robot = labels.robotFile {
      throw SettingsError(
        "--gym-env-name is missing: \(path) was trained in \(robot), which fits it no longer or is not "
          + "in this folder; say where it is")
    }
    let fitting = environments.filter { Policy(layout: layout, for: $0.spec) != nil }
    func names(_ types: [any Environment]) -> String {
      types.map { $0.spec.id }.joined(separator: ", ")
    }
    guard let first = fitting.first else {
      throw RecordError(
        .dataError, path, "holds \(layout.summary), a policy for none of \(names(environments))")
    }
    guard fitting.count == 1 else {
      throw SettingsError("--gym-env-name is missing: \(path) fits \(names(fitting))")
    }
    return first
  }
}
