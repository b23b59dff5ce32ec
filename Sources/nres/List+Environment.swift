import Envs
import Foundation
import Settings

extension List {
  /// Prints all that there is to know of `environment`.
  func show(_ environment: any Environment) throws {
    let spec = environment.spec
    try printLine(spec.id)
    var facts = [
      ("observations", "\(spec.observationCount)"), ("actions", "\(spec.actionCount)"),
      (
        "a step",
        "\(shortest(spec.stepDuration)) s, \(spec.frameSkip) of \(shortest(spec.timestep)) s simulated"
      ),
      ("time limit", "\(spec.timeLimit) steps"),
      ("engine", try Simulator(environment).engineSummary),
    ]
    let robot = environment as? Robot
    facts +=
      robot?.facts ?? [
        ("reward", spec.rewardNames.joined(separator: " + ")),
        ("info", spec.infoNames.joined(separator: ", ")),
      ]
    var last = ""
    for (name, text) in facts where !text.isEmpty {
      try row(name == last ? "" : name, text, width: 14)
      last = name
    }
    let parameters = environment.parameters.map {
      ("\($0.declaration.name)=\($0.value)", $0.declaration.help)
    }
    guard !parameters.isEmpty else { return try row("parameters", "none", width: 14) }
    try printLine("\nParameters (--env-option name=value)")
    let width = parameters.map { $0.0.count + 2 }.max() ?? 0
    for (name, help) in parameters { try row(name, help, width: width) }
  }
}
