import ArgumentParser
import Foundation
import Records
import Trainer

/// `nres export`: θ for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write θ of a run as flax, npz, safetensors or CSV.",
    discussion: """
      EXAMPLES:
        nres export runs/rl/mine --format flax
        nres export runs/rl/mine --format npz --iteration best --output best.npz

      In Python: flax.serialization.from_bytes, numpy.load, safetensors.numpy.load_file, \
      pandas.read_csv. An array has a leading axis of iterations, except in flax files of one \
      iteration.
      """)

  @Argument(help: ArgumentHelp("The run's folder, or any θ file.", valueName: "run"))
  var source: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The format: \(ThetaFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"))
  var format: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "all, an iteration's number, last or best (highest logged reward).", valueName: "which"))
  var iteration = "all"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The file to make (default: theta_trajectory0 or theta<i> for flax, "
        + "theta_trajectory.<format> or theta<i>.<format> else, in this folder).",
      valueName: "file"))
  var output: String?

  func run() throws {
    guard let format = ThetaFormat(rawValue: format.lowercased()) else {
      let choices = ThetaFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw SettingsError("--format is '\(format)': choose from \(choices)")
    }
    let saved = try SavedTheta(path: source)
    let row = try chosenIteration(of: saved)
    let path = output ?? format.fileName(iteration: row)
    try saved.write(iteration: row, as: format, to: path)
    print("\(path): \(row.map { "iteration \($0)" } ?? iterationCount(saved))")
  }

  /// The one iteration that was asked for; nil for all.
  private func chosenIteration(of saved: SavedTheta) throws -> Int? {
    guard let last = saved.iterations.last else {
      throw RecordError(.dataError, saved.path, "no iteration was written yet: train longer")
    }
    switch iteration.lowercased() {
    case "all": return nil
    case "last": return last
    case "best":
      let folder = try RunFolder.open(source)
      guard let best = try folder.bestIteration(of: ControlApplication.rewardTag) else {
        throw RecordError(
          .dataError, folder.scalarsPath,
          "has no evaluation to find the best iteration by: ask for a number, last or all")
      }
      return min(best, last)
    default:
      guard let number = Int(iteration) else {
        throw SettingsError("--iteration is '\(iteration)': give all, a number, last or best")
      }
      guard saved.iterations.contains(number) else {
        throw SettingsError("--iteration \(number) is not in this run: choose 0 to \(last)")
      }
      return number
    }
  }
}

/// "1 iteration", "61 iterations".
func iterationCount(_ saved: SavedTheta) -> String {
  saved.iterations.count == 1 ? "1 iteration" : "\(saved.iterations.count) iterations"
}
