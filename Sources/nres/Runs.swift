import ArgumentParser
import Foundation
import Records
import Settings
import Trainer

/// `nres runs`: what was trained, and where it stands.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List runs, show, watch, move or remove them.",
    discussion: """
      EXAMPLES:
        nres runs
        nres runs /scratch/runs --json
        nres runs show runs/rl/swimmer-nres-20260101-120000
        nres runs watch runs/rl/swimmer-nres-20260101-120000
        nres runs rm runs/rl/swimmer-nres-20260101-120000
      """,
    subcommands: [
      RunsList.self, RunsShow.self, RunsWatch.self, RunsMove.self, RunsRemove.self,
    ],
    defaultSubcommand: RunsList.self)
}

/// The run in the folder `path`, which must be one.
func existingRun(_ path: String) throws -> RunSummary {
  let folder = try RunFolder.open(path)
  guard RunFolder.containing(path) != nil else {
    throw RecordError(.noInput, path, "is no run's folder: it has no config.json")
  }
  return RunSummary(path: folder.path)
}

/// Asks a person before what cannot be undone.
struct Confirmation: ParsableArguments {
  @Flag(help: "Do it without asking.")
  var yes = false

  /// Throws where the answer is no, or there is nobody to be asked.
  func ask(_ question: String) throws {
    if yes { return }
    guard isatty(STDIN_FILENO) == 1 else {
      throw SettingsError("--yes is missing: without a terminal nobody can be asked")
    }
    tell("\(question) [y/N] ", terminator: "")
    let answer = readLine()?.lowercased()
    guard answer == "y" || answer == "yes" else {
      tell("nothing was done")
      throw ExitStatus.failure
    }
  }
}

/// Seconds as what a person would say of an age: `42s`, `5h`, `12d`.
func age(_ seconds: Double) -> String {
  switch seconds {
  case ..<0: "0s"
  case ..<60: "\(Int(seconds))s"
  case ..<3600: "\(Int(seconds / 60))m"
  case ..<172_800: "\(Int(seconds / 3600))h"
  case ..<1e11: "\(Int(seconds / 86400))d"
  default: "?"
  }
}

/// Bytes in a few digits: `820 B`, `1.2 MB`, `34 GB`.
func sizeText(_ bytes: Int) -> String {
  var (number, unit) = (Double(bytes), "B")
  for next in ["kB", "MB", "GB", "TB"] where number >= 1000 {
    (number, unit) = (number / 1000, next)
  }
  return (unit == "B" || number >= 9.95 ? decimal(number, 0) : decimal(number, 1)) + " " + unit
}
