import Foundation
import Parameters
import Randomness
import Records
import Tasks

/// A run read back: its plan, its task and its θ's.
public struct SavedRun: Sendable {
  public let folder: RunFolder
  public let plan: TrainingPlan
  public let application: ControlApplication
  private let saved: SavedTheta

  /// Opens the run in the folder `path`, be it finished, running or killed.
  public init(path: String, threads: Int? = nil) throws {
    folder = try RunFolder.open(path)
    var settings = try folder.configuration().settings
    // θ₀ is in the trajectory; the file it once came from may be gone.
    (settings.rlModelPath, settings.rlModelIteration) = (nil, nil)
    settings.threads = threads ?? settings.threads
    plan = try TrainingPlan(settings)
    application = try ControlApplication(plan)
    saved = try SavedTheta(path: folder.thetaPath)
  }

  /// The iterations that `which` names: a number, `last`, `best` or `all`.
  public func iterations(_ which: String) throws -> [Int] {
    let written = saved.iterations
    guard let last = written.last else {
      throw RecordError(.dataError, saved.path, "no iteration was written yet: train longer")
    }
    switch which.lowercased() {
    case "last": return [last]
    case "all": return Array(written)
    case "best":
      guard let best = try folder.bestIteration(of: ControlApplication.rewardTag) else {
        throw RecordError(
          .dataError, folder.scalarsPath,
          "has no evaluation to find the best iteration by: ask for a number, last or all")
      }
      return [min(best, last)]
    default:
      guard let iteration = Int(which) else {
        throw SettingsError("--iteration is '\(which)': give a number, last, best or all")
      }
      guard written.contains(iteration) else {
        throw SettingsError(
          "--iteration \(iteration) is not in this run: choose 0 to \(last)")
      }
      return [iteration]
    }
  }

  /// θ of `iteration`.
  public func theta(at iteration: Int) throws -> [Float] {
    try saved.theta(at: iteration, layout: application.layout)
  }

  /// Evaluates θ of `iteration` with that iteration's keys.
  public func evaluate(_ iteration: Int) throws -> [Scalar] {
    let chain = IterationKeys.Chain(remainingSeed: plan.remainingSeed)
    guard let keys = chain.dropFirst(iteration).first(where: { _ in true }) else { return [] }
    return try application.evaluate(plan, theta: theta(at: iteration), keys: keys, pool: plan.pool)
  }
}
