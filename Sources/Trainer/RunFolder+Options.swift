import Envs
import Settings
import Tasks

extension RunFolder {
  /// Which of the environment's parameters are others than in training; nil where none is.
  func optionsNote(_ changes: RunSettings, _ application: any Application) throws -> String? {
    guard changes["env-option"] != nil, let application = application as? ControlApplication
    else { return nil }
    let trained = try settings().group(ControlSettings.self).chosenEnvironment()
    func values(_ environment: any Environment) -> [(name: String, value: String)] {
      environment.parameters.map { ($0.declaration.name, $0.value) }
    }
    let before = Dictionary(uniqueKeysWithValues: values(trained))
    let other = values(application.task.simulator.environment).filter {
      before[$0.name] != $0.value
    }
    guard !other.isEmpty else { return nil }
    let now = other.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    let then = other.map { before[$0.name] ?? "none" }.joined(separator: ", ")
    return "evaluated with \(now) (trained with \(then))"
  }
}
