import Parameters
import Randomness
import Records

/// A run read back: its plan, its task and its θ's.
package struct SavedRun: Sendable {
  package let folder: RunFolder
  package let plan: TrainingPlan
  package let application: any Application
  let saved: SavedTheta
  /// What a person should know of the changes: a line each.
  package let notes: [String]

  /// Opens the run in the folder `path`, be it finished, running or killed.
  ///
  /// - Parameter changes: Settings in place of the run's.
  package init(path: String, changes: RunSettings = RunSettings()) throws {
    folder = try RunFolder.open(path)
    // θ₀ is in the trajectory; the file it once came from may be gone.
    var settings = try folder.settings(changes).withoutOrigin
    // No window is run, and W may not be longer than T.
    if let horizon = changes["horizon-length"].flatMap({ Int($0) }),
      let length = settings["trunc-length"].flatMap({ Int($0) }), length > horizon
    {
      settings["trunc-length"] = "\(horizon)"
    }
    plan = try TrainingPlan(settings)
    application = try plan.application.init(plan)
    notes =
      try Self.notes(folder.inputs, changes, application)
      + [folder.optionsNote(changes, application)].compactMap(\.self) + application.notes
    saved = try SavedTheta(path: folder.thetaPath)
  }

  private static func notes(
    _ inputs: [String: RunInput], _ changes: RunSettings, _ application: any Application
  ) -> [String] {
    var notes: [String] = []
    if let model = changes["model"], inputs["model"] != nil {
      notes.append("--model \(model) is in place of the model that the run was trained on")
    }
    if let note = inputs.imagesNote(application) { notes.append(note) }
    return notes
  }

  /// The iterations of `selection`.
  package func iterations(matching selection: IterationSelection) throws -> [Int] {
    try saved.iterations(matching: selection) {
      try folder.bestIteration(in: saved.iterations)
    }
  }

  /// θ of `iteration`.
  package func theta(at iteration: Int) throws -> [Float] {
    try saved.theta(at: iteration, layout: application.layout)
  }

  /// The keys of each of `iterations`.
  package func keys(at iterations: [Int]) -> [IterationKeys] {
    let wanted = Set(iterations)
    var keys: [Int: IterationKeys] = [:]
    let chain = IterationKeys.Chain(remainingSeed: plan.remainingSeed)
    for (iteration, its) in zip(0..<(wanted.max() ?? -1) + 1, chain)
    where wanted.contains(iteration) {
      keys[iteration] = its
    }
    return iterations.compactMap { keys[$0] }
  }

  /// Evaluates θ of `iteration` with that iteration's keys.
  package func evaluate(_ iteration: Int, keys: IterationKeys) throws -> [Scalar] {
    let theta = try saved.theta(at: iteration, layout: application.layout, finite: false)
    return try application.evaluation(plan, of: theta, keys: keys, pool: plan.pool)
  }
}

extension SavedTheta {
  /// The iterations of `selection`.
  ///
  /// - Parameter best: The best of them; nil without evaluations. Called if it is needed.
  package func iterations(
    matching selection: IterationSelection, best: () throws -> Int?
  ) throws -> [Int] {
    guard !iterations.isEmpty else {
      throw RecordError(.dataError, path, "no iteration was written yet: train longer")
    }
    return try selection.iterations(in: iterations, best: best)
  }
}
