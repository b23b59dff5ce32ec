import ArgumentParser
import Foundation
import Settings
import Trainer

/// `nres sweep`: a run for each combination of settings, several side by side.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train with each combination of some settings, several runs side by side.",
    discussion: """
      Any flag of `nres train` may be a list between commas; where a value has commas itself, between \
      semicolons. The runs are those that `nres train` would make, in folders of the sweep's; `nres \
      compare` and `nres runs` read them.

      EXAMPLES:
        nres sweep swimmer-nres --sigma 0.1,0.3 --seed-list 23,29 --run-dir sweep
        nres sweep lorenz-nres --K 100,1000,2000 --run-dir sweep \\
          --outer-optimizer-specs 'SGD||CONSTANT1e-5; ADAM||CONSTANT1e-2'
        nres sweep resume sweep
      """,
    subcommands: [SweepStart.self, SweepResume.self],
    defaultSubcommand: SweepStart.self)
}

/// `nres sweep start`: begins one.
struct SweepStart: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Begin a sweep: the same as `nres sweep` alone.")

  @Argument(help: "A preset such as swimmer-nres, a YAML file, or a run's config.json.")
  var experiment: String

  @OptionGroup(title: "Settings, each a value or a list") var flags: Flags<SweepSettings>

  @Option(
    name: .customLong("seed-list"), parsing: .unconditional,
    help: ArgumentHelp("Run each combination with these seeds: 23,29,31.", valueName: "seeds"))
  var seedList: String?

  @Option(
    name: .customLong("run-dir"), parsing: .unconditional,
    help: ArgumentHelp("The sweep's folder, new or empty.", valueName: "path"))
  var runDirectory: String

  @OptionGroup var side: SideBySide

  func run() throws {
    let seeds = try seedList.map { text in
      let seeds = text.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard seeds.allSatisfy({ Int(whole: $0) != nil }), Set(seeds).count == seeds.count else {
        throw SettingsError(
          "--seed-list is '\(text)': give different whole numbers between commas, 23,29,31")
      }
      return seeds
    }
    let sweep = try Sweep(experiment, given: flags.given, seeds: seeds ?? [])
    let runner = try side.runner(sweep, in: runDirectory)
    try sweep.check()
    try sweep.write(in: runDirectory)
    try runner.run()
  }
}

/// `nres sweep resume`: goes on with one.
struct SweepResume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a sweep that was stopped or killed: with the runs that are not finished.")

  @Argument(help: ArgumentHelp("A sweep's folder.", valueName: "sweep"))
  var path: String

  @OptionGroup var side: SideBySide

  func run() throws {
    try side.runner(Sweep(in: path), in: path).run()
  }
}

/// How many runs go on at a time.
struct SideBySide: ParsableArguments {
  @Option(
    name: .customLong("side-by-side"), parsing: .unconditional,
    help: ArgumentHelp(
      "Runs at a time, which divide the processors (default: one for each processor).",
      valueName: "n"),
    transform: wholeNumber)
  var count: Int?

  func runner(_ sweep: Sweep, in path: String) throws -> SweepRunner {
    let count = count ?? ProcessorCount.usable
    guard (1...1024).contains(count) else {
      throw SettingsError("--side-by-side is \(count): it must be from 1 to 1024")
    }
    return SweepRunner(sweep: sweep, path: path, count: count)
  }
}

/// The settings of runs, each as a text that may be a list.
enum SweepSettings: SettingsDeclaring {
  static let declarations = RunSettings.declarations.filter { $0.name != "threads" }.map {
    SettingDeclaration(
      name: $0.name, alias: $0.alias, kind: .text, help: $0.help,
      valueName: $0.valueName.isEmpty ? "true,false" : $0.valueName, role: $0.role)
  }
}
