import ArgumentParser
import Settings
import Trainer

/// Which iterations of a run.
struct IterationFlags: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "One iteration: its number, last or best, the one of the highest logged reward "
        + "(default: best, or last without evaluations).", valueName: "i"))
  var iteration: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Several: 0,10,best for example, every:10 or all.", valueName: "list"))
  var iterations: String?

  /// What the flags select.
  func selection() throws -> IterationSelection {
    switch (iteration, iterations) {
    case (nil, nil): return .bestOrLast
    case (let text?, nil): return .one(text)
    case (nil, let text?): return .several(text)
    case (_?, _?):
      throw SettingsError("--iteration and --iterations exclude each other: give one of them")
    }
  }
}
