import ArgumentParser
@preconcurrency import Glibc
import Settings
import Tasks
import Trainer

/// The command `nres`.
struct NRES: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nres",
    abstract: "Trains unrolled computation graphs with online evolution strategies.",
    discussion: """
      Start with `nres train swimmer-nres`; `nres list` shows every environment, system, \
      estimator, optimizer and preset.

      EXIT STATUS:
      \(ExitStatus.table)
      """,
    version: programVersion,
    subcommands: [
      Train.self, Resume.self, SweepCommand.self, Runs.self, Plot.self, Compare.self,
      VarianceCommand.self, Report.self, Evaluate.self, LossSurfaceCommand.self, Replay.self,
      Rollout.self, Export.self, Import.self, DataCommand.self, Baselines.self, List.self,
      Bench.self,
    ])
}

@main
enum Main {
  static func main() {
    openStandardDescriptors()
    // Output that nobody reads is an error of the write as well: what is unfinished is tidied away.
    signal(SIGPIPE, SIG_IGN)
    // Set but empty is as if unset.
    for name in ["DISPLAY", "TMPDIR"] where getenv(name)?.pointee == 0 { unsetenv(name) }
    // A file that may not grow further is an error of the write, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    do {
      guard Processor.isChoiceValid else {
        throw SettingsError(
          "NRES_PROCESSOR names no processor like this one: choose from x86-64-v4, x86-64-v3 and "
            + "baseline, as far as this one goes, or leave it out")
      }
      if Set(CommandLine.arguments.dropFirst()) == VersionDetails.arguments {
        return try printLine(VersionDetails.text)
      }
      try Together.begin()
      try checkCommandName(CommandLine.arguments.dropFirst())
      var command = try NRES.parseAsRoot()
      try command.run()
      try checkTold()
      Together.end()
    } catch {
      leave(with: error)
    }
  }
}

/// Refuses a command that there is not with what may have been meant; the parser would call it an
/// argument too many, or show the help of another.
private func checkCommandName(_ arguments: ArraySlice<String>) throws {
  var command: any ParsableCommand.Type = NRES.self
  for name in arguments.first == "help" ? arguments.dropFirst() : arguments {
    let commands = command.configuration.subcommands
    if name.hasPrefix("-") || commands.isEmpty { return }
    guard let next = commands.first(where: { $0._commandName == name }) else {
      // It may be an argument of the command that is meant where none is named.
      if command.configuration.defaultSubcommand != nil { return }
      throw UnknownName(kind: "command", name: name, choices: commands.map { $0._commandName })
    }
    command = next
  }
}
