import ArgumentParser
import Envs
import Foundation
import Records
import Tasks
import Trainer

/// `nres import`: θ of other programs as a θ file of this one.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take over θ from the reference or from an npz or CSV file.",
    discussion: """
      The format is recognised by the content. Of the reference, its folder or a checkpoint in \
      it will do: theta_trajectory0, or theta0, theta1 and so on.
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
    try saved.write(iteration: nil, as: .safetensors, to: path)
    print("\(saved.path): \(saved.format.rawValue), \(iterationCount(saved))")
    for leaf in saved.layout.leafSummaries { print("  \(leaf)") }
    let environments = EnvironmentCatalogue.all.compactMap { environment in
      Policy(layout: saved.layout, for: environment.spec).map {
        "\(environment.spec.id), \($0.architecture.rawValue) policy"
      }
    }
    let fitting = environments + optimizers(fitting: saved).map { "\($0), a learned optimizer" }
    print("fits \(fitting.isEmpty ? "nothing of `nres list`" : fitting.joined(separator: "; "))")
    print("wrote \(path)")
    if !environments.isEmpty { print("next: nres replay \(shellWord(path))") }
  }

  /// MLPLOpt of any sizes, with the flags that give it these.
  private func optimizers(fitting saved: SavedTheta) -> [String] {
    LearnedOptimizerCatalogue.all.compactMap { optimizer in
      guard optimizer is MLPOptimizer.Type else {
        return optimizer.init().layout == saved.layout ? optimizer.id : nil
      }
      return MLPOptimizer(layout: saved.layout).map { sized in
        sized.flags.isEmpty ? optimizer.id : "\(optimizer.id) (\(sized.flags))"
      }
    }
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
