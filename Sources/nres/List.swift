import ArgumentParser
import Datasets
import Envs
import Estimators
import Foundation
import Optimizers
import Parameters
import Settings
import Tasks
import Trainer
import Unrolls

/// `nres list`: the catalogues.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List environments, systems, learned optimizers, data, estimators and presets.")

  @Argument(
    help: ArgumentHelp(
      "An environment or a robot's YAML file to show: its sizes, reward, info and parameters.",
      valueName: "environment"))
  var environment: String?

  func run() throws {
    if let environment { return try show(EnvironmentCatalogue.named(environment)) }
    try printLine("Environments")
    for environment in EnvironmentCatalogue.all {
      let spec = environment.spec
      let engine = try Simulator(environment).engineSummary
      try row(
        spec.id,
        "\(spec.observationCount) observations, \(spec.actionCount) action\(spec.actionCount == 1 ? "" : "s"), "
          + "\(shortest(spec.stepDuration)) s a step, \(spec.timeLimit) steps, \(engine)")
    }
    try printLine("\nDynamical systems")
    for system in SystemCatalogue.all { try row(system.id, try describe(system)) }
    try printLine("\nLearned optimizers")
    for optimizer in LearnedOptimizerCatalogue.all { try row(optimizer.id, optimizer.summary) }
    try printLine("\nInner networks")
    for model in InnerModel.allCases { try row(model.rawValue, model.summary) }
    try row("", "activations: " + names(Activation.self))
    try printLine("\nDatasets")
    for dataset in DatasetCatalogue.all {
      let place = dataset.standardFolder.map { " in \($0)" } ?? ""
      try row(dataset.name, "\(dataset.classCount) classes\(place); \(dataset.origin)")
    }
    try printLine("\nGradient estimators (flags they need)")
    for estimator in EstimatorCatalogue.all {
      try row(estimator.id, estimator.summary)
      try row("", "  needs " + needs(estimator).joined(separator: ", "))
    }
    try printLine("\nTheir names in papers (--gradient-estimator NRES)")
    for alias in EstimatorAlias.all { try row(alias.name, alias.summary) }
    try printLine("\nOptimizers")
    for optimizer in OptimizerCatalogue.all {
      try row(
        optimizer.id,
        "'\(optimizer.id)||CONSTANT1e-2' or '\(optimizer.id)||PIECEWISE_CONSTANT1e-2(150,0.3)'")
      if let settings = settings(of: optimizer) { try row("", "  " + settings) }
    }
    try printLine("\nPolicies")
    try row("", "architectures: " + names(Policy.Architecture.self))
    try row("", "initializations: " + names(Policy.Initialization.self))
    try printLine("\nDefaults")
    try listDefaults(.defaults)
    try row("--threads", "one for each processor that it may use")
    for application in ApplicationCatalogue.all {
      try printLine("\nDefaults of \(application.family)")
      try row("--horizon-length", application.horizonText)
      try listDefaults(application.defaults(for: nil))
    }
    try printLine("\nPresets")
    for preset in Preset.all {
      try row(preset.name, describe(try Preset(named: preset.name).settings))
    }
  }

  private func listDefaults(_ settings: RunSettings) throws {
    for declaration in RunSettings.declarations {
      if let text = settings[declaration.name] { try row("--" + declaration.name, text) }
    }
  }

  private func describe<System: ListedSystem>(_: System.Type) throws -> String {
    let system = try System(System.Settings(), horizon: System.usualHorizon)
    return "\(system.valueCount) values a state, \(system.layout.count) parameters, "
      + "\(system.timestep) s a step, \(system.horizon) steps"
  }

  private func settings<Chosen: Optimizer>(of _: Chosen.Type) -> String? {
    let texts = Chosen.Settings().texts
    let settings = Chosen.Settings.declarations.compactMap { declaration in
      texts[declaration.name].map { "\(declaration.name)=\($0)" }
    }
    return settings.isEmpty ? nil : "\(Chosen.id)(\(settings.joined(separator: ",")))|| by default"
  }

  private func describe(_ settings: RunSettings) -> String {
    func labelled(_ name: String, _ text: (String) -> String) -> String? {
      settings[name].map(text)
    }
    let parts: [String?] = [
      settings.subject ?? settings[RunSettings.application],
      settings["gradient-estimator"],
      labelled("num-particles") { "N=\($0)" },
      labelled("trunc-length") { "W=\($0)" },
      labelled("K") { "K=\($0)" },
      labelled("sigma") { "σ=\($0)" },
      settings["outer-optimizer-specs"],
      labelled("outer-iterations") { "\($0) iterations" },
      labelled("remaining-seed") { "seed \($0)" },
      labelled("eval-freq") { "evaluated every \($0)" },
    ]
    return parts.compactMap { $0 }.joined(separator: "  ")
  }

  private func needs(_ estimator: any EstimatorAlgorithm.Type) -> [String] {
    (["num-particles"] + EstimatorChoice.needs(of: estimator)).map { "--" + $0 }
      + (estimator.needsDerivatives ? ["a differentiable task"] : [])
  }

  private func names<Choice: CaseIterable & RawRepresentable<String>>(
    _ type: Choice.Type
  ) -> String {
    type.allCases.map(\.rawValue).joined(separator: ", ")
  }

  func row(_ name: String, _ text: String, width: Int = 33) throws {
    let width = max(width, name.count + 1)
    try printLine("  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + text)
  }
}
