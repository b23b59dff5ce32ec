import ArgumentParser
import Foundation
import Records
import Settings
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
      iteration. What reads a file of one iteration counts it as iteration 0. Of a run with \
      --theta-every, and with every:n, safetensors and csv say which iterations they hold; flax and \
      npz cannot. No file is replaced.
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
      "all, every:n, an iteration's number, last or best (highest logged reward, lowest logged test "
        + "loss).",
      valueName: "which"))
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
    if output == "" { throw SettingsError("--output is empty: name a file") }
    let saved = try SavedTheta(path: source)
    let selection = IterationSelection.oneOrRegular(iteration)
    let chosen = try saved.iterations(matching: selection) {
      // A θ file alone has no evaluations.
      try RunFolder.containing(source)?.bestIteration(in: saved.iterations)
    }
    let isAll = iteration.trimmingCharacters(in: .whitespaces).lowercased() == "all"
    let one = isAll || selection.period != nil ? nil : chosen[0]
    let path = output ?? format.fileName(iteration: one)
    let written = try saved.write(
      iteration: one, every: selection.period, as: format, to: path)
    if one == nil { tell(notes: leftOut(after: written, of: chosen)) }
    tell("\(path): \(one.map { "iteration \($0)" } ?? iterationCount(written))")
  }
}

/// Says from where on θ was left out.
func leftOut(after written: KeptIterations, of chosen: some RandomAccessCollection<Int>) -> [String]
{
  chosen.dropFirst(written.count).prefix(1).map {
    "θ of iteration \($0) is not finite: it and what follows are left out"
  }
}

/// "1 iteration", "61 iterations", "7 iterations (0, 10, 20, …, 60)".
func iterationCount(_ kept: KeptIterations) -> String {
  let which = kept.every == 1 || kept.count == 1 ? "" : " (\(kept.summary))"
  return "\(kept.count) iteration\(kept.count == 1 ? "" : "s")\(which)"
}
