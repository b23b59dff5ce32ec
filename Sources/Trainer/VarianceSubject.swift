import Foundation
import Settings

/// Where gradients are measured: the settings of a task, and a θ of it.
package struct VarianceSubject {
  package let settings: RunSettings
  /// What θ it is, for people: `θ₀`.
  package let place: String
  private let source: Source

  private enum Source {
    case start(Preset?, changes: RunSettings)
    case run(SavedRun, iteration: Int)
  }

  /// - Parameters:
  ///   - name: An application, a preset, a settings file, or a run's folder.
  ///   - iteration: Which of a run's; nil for its best, or its last one without evaluations.
  ///   - changes: Settings in place of those that it has.
  package init(_ name: String, iteration: String?, changes: RunSettings) throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
    let hasPathsForm = name.contains("/") && !Preset.isFile(name)
    let isPath = isThere && isFolder.boolValue || hasPathsForm || RunFolder.containing(name) != nil
    let families = ApplicationCatalogue.all.map { $0.family }
    let isName = Preset.isPreset(name) || families.contains(name.lowercased())
    if isPath && !isName {
      let run = try SavedRun(path: RunFolder.containing(name)?.path ?? name, changes: changes)
      let selection = iteration.map { IterationSelection.one($0) } ?? .bestOrLast
      let iteration = try run.iterations(matching: selection)[0]
      settings = run.plan.settings
      place = "θ of iteration \(iteration)"
      source = .run(run, iteration: iteration)
      return
    }
    if let iteration {
      throw SettingsError(
        "--iteration is \(iteration), but \(name) is no run's folder: leave it out for θ₀, or name a "
          + "run" + (isPath ? ", here ./\(name)" : ""))
    }
    place = "θ₀"
    if families.contains(name.lowercased()) {
      settings = RunSettings([RunSettings.application: name.lowercased()]).over(changes)
      source = .start(nil, changes: changes)
      return
    }
    do {
      let preset = try Preset(named: name)
      settings = try preset.settings(under: changes)
      source = .start(preset, changes: changes)
    } catch let unknown as UnknownName where unknown.kind == "preset" {
      throw UnknownName(kind: "experiment", name: name, choices: families + unknown.choices)
    }
  }

  /// θ.
  package func theta(_ application: any Application, _ plan: TrainingPlan) throws -> [Float] {
    switch source {
    case .start: try application.initialParameters(key: plan.initialKey)
    case .run(let run, let iteration): try run.theta(at: iteration)
    }
  }

  /// What a person should know of what was read: a line each.
  package func notes(_ application: any Application, _ plan: TrainingPlan) throws -> [String] {
    switch source {
    case .start(let preset, let changes):
      try application.notes + (preset?.checkInputs(of: plan, application, under: changes) ?? [])
    case .run(let run, _): run.notes
    }
  }
}
