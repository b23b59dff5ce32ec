import Envs
import Records
import Settings

extension Preset {
  /// Compares what a run of `plan` reads with what the run read whose settings these are.
  ///
  /// - Parameter changes: Settings that were given over these.
  /// - Returns: What a person should know: a line each.
  /// - Throws: `RecordError` where the numbers would be others though nobody asked for it.
  package func checkInputs(
    of plan: TrainingPlan, _ application: any Application, under changes: RunSettings
  ) throws -> [String] {
    try checkModel(plan, changes)
    try checkRobot(plan, changes)
    try checkOrigin(plan, application, changes)
    guard let note = imagesNote(plan.settings, application) else { return [] }
    guard changes["data-dir"] != nil else {
      throw RecordError(
        .dataError, source, note + "; to train on these, name their folder with --data-dir")
    }
    return [note]
  }

  /// Says so where the images are others than those of the run whose settings these are.
  ///
  /// - Parameter settings: Those that the images were chosen by.
  package func imagesNote(_ settings: RunSettings, _ application: any Application) -> String? {
    let chosen = ["lopt-dataset-name", "image-length"].allSatisfy {
      settings[$0]?.lowercased() == self.settings[$0]?.lowercased()
    }
    return chosen ? inputs.imagesNote(application) : nil
  }

  /// A run's own copy has been compared already; settings that were copied elsewhere name the original.
  private func checkModel(_ plan: TrainingPlan, _ changes: RunSettings) throws {
    guard changes["model"] == nil, let known = inputs["model"], let path = plan.settings["model"]
    else { return }
    let found = RunInput(of: ModelFiles(path))
    guard found.crc32 != known.crc32 else { return }
    throw RecordError(
      .dataError, path,
      "is not the model that the run was trained on: its CRC-32 is \(found.crc32), \(source) has "
        + "\(known.crc32); to use it, give it with --model")
  }

  private func checkRobot(_ plan: TrainingPlan, _ changes: RunSettings) throws {
    guard changes["gym-env-name"] == nil, let known = inputs["robot"],
      let path = plan.settings.robotFile
    else { return }
    let found = RunInput(of: ModelFiles(of: try Robot(path: path)))
    guard found.crc32 != known.crc32 else { return }
    throw RecordError(
      .dataError, path,
      "is not the robot that the run was trained on: its CRC-32 is \(found.crc32), \(source) has "
        + "\(known.crc32); to use it, give it with --gym-env-name")
  }

  private func checkOrigin(
    _ plan: TrainingPlan, _ application: any Application, _ changes: RunSettings
  ) throws {
    guard changes["rl-model-path"] == nil, changes["rl-model-iteration"] == nil,
      let known = inputs["theta"], let path = plan.settings["rl-model-path"]
    else { return }
    let found = RunInput(of: try application.initialParameters(key: plan.initialKey))
    guard found.crc32 != known.crc32 else { return }
    throw RecordError(
      .dataError, path,
      "does not give the θ that the run began with: its CRC-32 is \(found.crc32), \(source) has "
        + "\(known.crc32); to begin with it, give it with --rl-model-path")
  }
}

extension [String: RunInput] {
  /// Says so where `application` has other images than the run that read these.
  func imagesNote(_ application: any Application) -> String? {
    guard let known = self["images"], let images = application.inputs["images"], images != known
    else { return nil }
    return "the images are not those that the run was trained on: their CRC-32 is \(images.crc32), "
      + "that of the run's \(known.crc32)"
  }
}
