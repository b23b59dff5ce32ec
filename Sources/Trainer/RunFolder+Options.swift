import Envs
import Settings
import Tasks

extension RunFolder {
  /// Which of T and the environment's parameters are others than in training; nil where none is.
  func optionsNote(_ changes: RunSettings, _ application: any Application) throws -> String? {
    guard ["horizon-length", "env-option"].contains(where: { changes[$0] != nil }) else {
      return nil
    }
    // The run's own model may be gone where another is given.
    let settings = try settings(RunSettings(changes.texts.filter { $0.key == "model" }))
    var (now, then): ([String], [String]) = ([], [])
    let (horizon, before) = (changes["horizon-length"], settings["horizon-length"])
    if let horizon, let before, horizon != before {
      now.append("horizon-length=\(horizon)")
      then.append(before)
    }
    for option in try otherOptions(settings, changes, application) {
      now.append("\(option.name)=\(option.value)")
      then.append(option.before)
    }
    if now.isEmpty { return nil }
    return "evaluated with \(now.joined(separator: ", ")) "
      + "(trained with \(then.joined(separator: ", ")))"
  }

  /// The environment's parameters that are others than in training.
  private func otherOptions(
    _ settings: RunSettings, _ changes: RunSettings, _ application: any Application
  ) throws -> [(name: String, value: String, before: String)] {
    guard changes["env-option"] != nil, let application = application as? ControlApplication
    else { return [] }
    let trained = try settings.group(ControlSettings.self).chosenEnvironment()
    func values(_ environment: any Environment) -> [(name: String, value: String)] {
      environment.parameters.map { ($0.declaration.name, $0.value) }
    }
    let before = Dictionary(uniqueKeysWithValues: values(trained))
    return values(application.task.simulator.environment).compactMap { name, value in
      before[name] == value ? nil : (name, value, before[name] ?? "none")
    }
  }
}
