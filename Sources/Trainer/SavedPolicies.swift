public import Envs
import Foundation
import Parameters
import Records
public import Tasks
public import Workers

/// The policies of a run, or of a θ file alone, with all that it takes to replay them.
public struct SavedPolicies: Sendable {
  /// The file or folder that was opened.
  public let path: String
  /// The run's task, or the environment that fits θ, with its own horizon.
  public let task: ControlTask
  /// The threads to run on: those asked for, the run's, or one a core.
  public let pool: WorkerPool
  private let saved: SavedTheta
  private let run: SavedRun?

  /// Opens a run folder, the θ file in one, or any θ file or folder.
  ///
  /// - Parameters:
  ///   - path: Where `config.json` is there or beside, everything is as that run's settings say.
  ///   - environment: The environment's name, where it is not to be the run's or found by θ.
  ///   - model: An MJCF file in place of the environment's own model.
  ///   - threads: Threads to run on.
  ///   - environments: Those to find θ's among.
  /// - Throws: One line about the file or the flag.
  public init(
    path: String, environment: String? = nil, model: String? = nil, threads: Int? = nil,
    among environments: [any Environment.Type] = EnvironmentCatalogue.all
  ) throws {
    self.path = path
    let fits = { (theta: SavedTheta, type: any Environment.Type) in
      Policy(layout: theta.layout, for: type.spec) != nil
    }
    if let folder = runFolder(at: path) {
      let run = try SavedRun(
        path: folder, environment: environment, model: model, threads: threads)
      (self.run, saved, task, pool) = (run, run.saved, run.application.task, run.plan.pool)
      guard environment == nil || fits(saved, task.simulator.environment) else {
        throw mismatch(of: saved, for: task.simulator.spec)
      }
      return
    }
    let saved = try SavedTheta(path: path)
    let type: any Environment.Type
    if let environment {
      type = try EnvironmentCatalogue.named(environment)
      guard fits(saved, type) else { throw mismatch(of: saved, for: type.spec) }
    } else {
      let fitting = environments.filter { fits(saved, $0) }
      guard let first = fitting.first else {
        throw RecordError(
          .dataError, saved.path,
          "holds \(saved.layout), a policy for none of "
            + environments.map { $0.spec.id }.joined(separator: ", "))
      }
      guard fitting.count == 1 else {
        throw SettingsError(
          "--gym-env-name is missing: \(saved.path) fits "
            + fitting.map { $0.spec.id }.joined(separator: ", "))
      }
      type = first
    }
    let simulator = try Simulator(type, modelPath: model)
    let architecture = Policy(layout: saved.layout, for: type.spec)?.architecture ?? .linear
    task = ControlTask(simulator: simulator, architecture: architecture)
    pool = try WorkerPool(threads: threads)
    (run, self.saved) = (nil, saved)
  }

  /// The environment's name.
  public var environment: String { task.simulator.spec.id }

  /// The iterations whose θ is there: 0 ..< count.
  public var iterations: Range<Int> { saved.iterations }

  /// The iterations of `selection`.
  ///
  /// - Throws: `SettingsError` with the flag and what can be chosen; `RecordError` for a file that
  ///   has no iteration yet and for an unreadable table of evaluations.
  public func iterations(matching selection: IterationSelection) throws -> [Int] {
    guard let run else { return try saved.iterations(matching: selection) { nil } }
    return try run.iterations(matching: selection)
  }

  /// θ of `iteration`.
  public func theta(at iteration: Int) throws -> [Float] {
    try saved.theta(at: iteration, layout: task.layout)
  }

  /// The NumPy seed of the first episode in the run's evaluation of each of `iterations`; 0 where
  /// there is no run.
  public func evaluationSeeds(at iterations: [Int]) -> [UInt32] {
    guard let run else { return iterations.map { _ in 0 } }
    return run.keys(at: iterations).map { ControlTask.evaluationSeed(key: $0.test) }
  }
}

/// The run folder that `path` is, or whose θ file it is; nil if there is no `config.json`.
private func runFolder(at path: String) -> String? {
  var folder = path
  if path == RunFolder.thetaName {
    folder = "."
  } else if path.hasSuffix("/" + RunFolder.thetaName) {
    let parent = path.dropLast(RunFolder.thetaName.count + 1)
    folder = parent.isEmpty ? "/" : String(parent)
  }
  let configuration = folder + "/" + RunFolder.configurationName
  return FileManager.default.fileExists(atPath: configuration) ? folder : nil
}

private func mismatch(of saved: SavedTheta, for spec: EnvironmentSpec) -> SettingsError {
  SettingsError(
    "--gym-env-name \(spec.id) does not fit \(saved.path), which holds \(saved.layout): "
      + "leave it out or name the environment it was trained in")
}
