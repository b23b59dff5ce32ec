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
      compare`, `nres plot` and `nres runs` read them. At the end there is a table, the best first, \
      and a picture of it, map.svg.

      With --random so many combinations are drawn: of lists, and of ranges as 0.01..1, or {1e-6..1e-3} \
      within a text; of positive numbers all orders of magnitude alike. With --halving all run for a \
      part of their length, the better half by their evaluations for twice as long, and so on, until \
      one is left, which runs to its end. Under mpirun the processes share the runs. The flags are \
      listed by `nres help sweep start`.

      EXAMPLES:
        nres sweep swimmer-nres --sigma 0.1,0.3 --seed-list 23,29 --run-dir sweep
        nres sweep lorenz-nres --K 100,1000,2000 --run-dir sweep \\
          --outer-optimizer-specs 'SGD||CONSTANT1e-5; ADAM||CONSTANT1e-2'
        nres sweep halfcheetah-nres --random 16 --halving --run-dir sweep \\
          --sigma 0.001..0.1 --outer-optimizer-specs 'SGD||CONSTANT{1e-6..1e-3}'
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

  @OptionGroup(title: "Settings, each a value, a list or a range") var flags: Flags<SweepSettings>

  @Option(
    name: .customLong("seed-list"), parsing: .unconditional,
    help: ArgumentHelp("Run each combination with these seeds: 23,29,31.", valueName: "seeds"))
  var seedList: String?

  @Option(
    name: .customLong("run-dir"), parsing: .unconditional,
    help: ArgumentHelp("The sweep's folder, new or empty.", valueName: "path"))
  var runDirectory: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Run so many combinations, drawn at random.", valueName: "n"),
    transform: wholeNumber)
  var random: Int?

  @Option(
    name: .customLong("random-seed"), parsing: .unconditional,
    help: ArgumentHelp("Draws them: the same seed draws the same.", valueName: "seed"),
    transform: wholeNumber)
  var randomSeed: Int?

  @Flag(help: "Give up the worse half again and again.")
  var halving = false

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
    let sweep = try Sweep(
      experiment, given: flags.given, seeds: seeds ?? [], draw: draw(), isHalving: halving)
    let runner = try side.runner(sweep, in: runDirectory)
    try sweep.check()
    try sweep.write(in: runDirectory)
    try runner.run()
  }

  private func draw() throws -> Sweep.Draw? {
    guard let random else {
      if randomSeed != nil { throw SettingsError("--random-seed is given: it needs --random") }
      return nil
    }
    let seed = randomSeed ?? 0
    guard (1...100_000).contains(random) else {
      throw SettingsError("--random is \(random): it must be from 1 to 100000")
    }
    guard UInt32(exactly: seed) != nil else {
      throw SettingsError("--random-seed is \(seed): it must be from 0 to \(UInt32.max)")
    }
    return Sweep.Draw(count: random, seed: seed)
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
    let sweep = try Sweep(in: path)
    try sweep.check()
    try side.runner(sweep, in: path).run()
  }
}

/// How many runs go on at a time.
struct SideBySide: ParsableArguments {
  @Option(
    name: .customLong("side-by-side"), parsing: .unconditional,
    help: ArgumentHelp(
      "Runs at a time, in each process under mpirun, which divide the processors (default: one for "
        + "each processor).",
      valueName: "n"),
    transform: wholeNumber)
  var count: Int?

  func runner(_ sweep: Sweep, in path: String) throws -> SweepRunner {
    if let count, !(1...1024).contains(count) {
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
