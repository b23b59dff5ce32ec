import ArgumentParser
import Envs
import Foundation
import Parameters
import Records
import Settings
import Tasks
import Trainer
import Unrolls

/// `nres import`: θ of other programs as a θ file of this one.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take over θ from the reference or from an npz, safetensors or CSV file.",
    discussion: """
      The format is recognised by the content. Of the reference, its folder or a checkpoint in \
      it will do: theta_trajectory0, or theta0, theta1 and so on. Numbers of 16 and 64 bits are \
      rounded to the 32 bits of θ. What fits nothing of `nres list` is refused.
      """)

  @Argument(help: ArgumentHelp("The file, or the reference's folder.", valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The file to make (default: the name of what is read with .safetensors, in this folder).",
      valueName: "file"))
  var output: String?

  func run() throws {
    if output == "" { throw SettingsError("--output is empty: name a file") }
    let saved = try SavedTheta(path: file)
    let path = output ?? defaultOutput
    let labelled = saved.labelledEnvironment()
    let robots: [any Environment] = [labelled as? Robot].compactMap { $0 }
    let environments = (robots + EnvironmentCatalogue.all).compactMap { listed in
      let environment = listed.spec.id == labelled?.spec.id ? labelled ?? listed : listed
      return Policy(layout: saved.layout, for: environment.spec).map {
        (
          id: environment.spec.id, architecture: $0.architecture.rawValue,
          input: $0.normalizesObservations ? " of normalized observations" : ""
        )
      }
    }
    let fitting =
      environments.map { "\($0.id), \($0.architecture) policy\($0.input)" }
      + optimizers(fitting: saved).map { "\($0), a learned optimizer" }
      + SystemCatalogue.all.filter { isTheta(saved.layout, of: $0) }.map { "\($0.id), a system" }
    guard !fitting.isEmpty else { throw misfit(saved) }
    let written = try saved.write(iteration: nil, as: .safetensors, to: path)
    tell(notes: leftOut(after: written, of: saved.iterations))
    tell("\(saved.path): \(saved.format.rawValue), \(iterationCount(saved.iterations))")
    for leaf in saved.layout.leafSummaries { tell("  \(leaf)") }
    tell("fits \(fitting.joined(separator: "; "))")
    tell("wrote \(path)")
    guard let first = environments.first else { return }
    let choice =
      environments.count > 1 && labelled == nil ? " --gym-env-name \(first.id)" : ""
    tell("next: nres replay \(shellWord(path))\(choice)")
  }

  /// Those of any sizes, with the flags that give them where they are not the usual ones.
  private func optimizers(fitting saved: SavedTheta) -> [String] {
    func described<Optimizer: LearnedOptimizer>(_: Optimizer.Type) -> String? {
      guard let settings = Optimizer.settings(for: saved.layout) else { return nil }
      let texts = settings.texts
      if texts == Optimizer.Settings().texts { return Optimizer.id }
      let flags = Optimizer.Settings.declarations.compactMap { declaration in
        texts[declaration.name].map { "--\(declaration.name) \($0)" }
      }
      return "\(Optimizer.id) (\(flags.joined(separator: " ")))"
    }
    return LearnedOptimizerCatalogue.all.compactMap { described($0) }
  }

  private func isTheta<System: ListedSystem>(
    _ layout: ParameterLayout, of _: System.Type
  ) -> Bool {
    (try? System(System.Settings(), horizon: System.usualHorizon))?.layout == layout
  }

  /// What is wrong with a θ of nothing that is known, by the example of a policy.
  private func misfit(_ saved: SavedTheta) -> RecordError {
    let example = EnvironmentCatalogue.all.prefix(1).map { environment in
      let policies = Policy.Architecture.allCases.map {
        Policy(
          $0, observationCount: environment.spec.observationCount,
          actionCount: environment.spec.actionCount)
      }
      let layouts = policies.map { "\($0.layout.summary) (\($0.architecture))" }
      return ": a policy of \(environment.spec.id) has \(layouts.joined(separator: " or "))"
    }
    let isPyTorch = saved.layout.leaves.contains {
      $0.name == "weight" || $0.name.hasSuffix(".weight")
    }
    let hint = isPyTorch ? "; PyTorch's weight is [outputs, inputs], the transpose of w" : ""
    return RecordError(
      .dataError, saved.path,
      "holds \(saved.layout.summary), which fits nothing of `nres list`\(example.joined())\(hint)")
  }

  private var defaultOutput: String {
    var name = URL(filePath: file).standardizedFileURL.lastPathComponent
    for suffix in ThetaFormat.allCases.map({ "." + $0.rawValue }) where name.hasSuffix(suffix) {
      name = String(name.dropLast(suffix.count))
    }
    return name + "." + ThetaFormat.safetensors.rawValue
  }
}

/// `text` as one word of a shell's command line.
func shellWord(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy {
    $0.properties.isAlphabetic || ("0"..."9").contains($0) || "/._-+".unicodeScalars.contains($0)
  }
  return isPlain && !text.isEmpty
    ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
