import ArgumentParser
import Foundation
import Settings
import Trainer
import Workers

/// `nres train`: one run, or one for each seed.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train from a preset or from flags; any flag overrides the preset.",
    discussion: """
      EXAMPLES:
        nres train swimmer-nres
        nres train swimmer-nres --outer-iterations 50 --remaining-seed 29
        nres train lorenz-nres --seed-list 101,103,107,109,113
        nres train fashion-mnist-nres --outer-iterations 20000
        mpirun -n 8 nres train halfcheetah-nres
        nres train rl --gym-env-name Swimmer-v4 --gradient-estimator TruncatedPESK \\
          --num-particles 30 --trunc-length 100 --K 1000 --sigma 0.3 \\
          --outer-optimizer-specs 'SGD||CONSTANT3e0' --outer-iterations 200 \\
          --run-test-during-training

      A run is a folder with config.json, theta_trajectory.safetensors, scalars.csv, a \
      TensorBoard event file and its last two checkpoints. Ctrl-C, SIGTERM, SIGHUP, SIGUSR1 and SIGXCPU \
      end it within a second, with every iteration written that is done; `nres resume` goes on from there.
      """)

  @Argument(
    help: ArgumentHelp(
      alternatives(ApplicationCatalogue.all.map { $0.family })
        + " for flags alone, a preset such as swimmer-nres, a YAML file, or a run's config.json.",
      valueName: "experiment"))
  var experiment: String

  @OptionGroup var flags: SettingsFlags

  @Option(
    name: .customLong("seed-list"), parsing: .unconditional,
    help: ArgumentHelp(
      "One run for each of these --remaining-seed values: 23,29,31.", valueName: "seeds"))
  var seedList: String?

  @Option(
    name: .customLong("run-dir"), parsing: .unconditional,
    help: ArgumentHelp(
      "The run's folder, new or empty (default: runs/<application>/<name>-<time>); with --seed-list "
        + "each run has its seed-<seed> in it.", valueName: "path"))
  var runDirectory: String?

  @OptionGroup var timeLimit: TimeLimit

  func run() throws {
    let (name, given, preset) = try settings()
    let settings = try given.withOriginNumbered
    let seeds = try seeds()
    // Everything is checked before the first file is made.
    let runs = try seeds.map { seed in
      var settings = settings
      if let seed { settings["remaining-seed"] = "\(seed)" }
      let plan = try TrainingPlan(
        settings, cancellation: Cancellation { Interrupt.isOverdue }, exchange: Together.exchange)
      let path = runDirectory.map { path in
        seed.map { RunFamily.path(of: $0, in: path) } ?? path
      }
      if let path { try RunFolder.isEmptyFolder(at: path) }
      return Run(name: seed.map { "\(name)-seed\($0)" } ?? name, path: path, plan: plan, seed: seed)
    }
    // Seeds of training do not matter to it, and it may hold a dataset.
    let application = try runs[0].plan.application.init(runs[0].plan)
    tell(
      notes: try application.notes
        + (preset?.checkInputs(of: runs[0].plan, application, under: flags.given) ?? []))
    Interrupt.install()
    try timeLimit.begin()
    let family = runDirectory.flatMap { path in
      seedList.map { _ in
        (path, RunFamily(name: name, settings: settings, seeds: seeds.compactMap(\.self)))
      }
    }
    var hasDiverged = false
    for run in runs {
      if let status = Interrupt.status { throw status }
      if try train(run, of: application, family).divergence != nil { hasDiverged = true }
    }
    if hasDiverged { throw ExitStatus.diverged }
  }

  /// One run to come.
  private struct Run {
    var name: String
    /// Its folder, if it was named.
    var path: String?
    var plan: TrainingPlan
    /// Nil where it is the only one.
    var seed: Int?
  }

  /// - Parameter family: What it is one of, and their folder.
  private func train(
    _ run: Run, of application: any Application, _ family: (path: String, runs: RunFamily)?
  ) throws -> TrainingResult {
    try run.plan.open(application)
    let folder =
      try run.path.map { try RunFolder.create(at: $0) }
      ?? RunFolder.create(family: run.plan.application.family, name: run.name)
    let isFirst =
      try family.map { try run.seed == $0.runs.seeds.first && $0.runs.write(in: $0.path) } ?? false
    do {
      return try TrainingSession(
        name: run.name, plan: run.plan, application: application, folder: folder,
        didBegin: {
          if let family, let seed = run.seed { RunFamily.noteBegun(seed, in: family.path) }
        }
      ).run()
    } catch {
      if let family, isFirst, RunFolder.containing(folder.path) == nil {
        RunFamily.remove(in: family.path)
        folder.removeMadeFolders()
      }
      throw error
    }
  }

  private func settings() throws -> (name: String, settings: RunSettings, preset: Preset?) {
    var flags = flags.given
    let families = ApplicationCatalogue.all.map { $0.family }
    if families.contains(experiment.lowercased()) {
      flags[RunSettings.application] = experiment.lowercased()
      let parts = [flags.runName ?? experiment.lowercased(), flags["gradient-estimator"]]
      return (parts.compactMap { $0 }.joined(separator: "-"), flags, nil)
    }
    do {
      let preset = try Preset(named: experiment)
      let settings = try preset.settings(under: flags)
      guard let other = otherEstimator(than: preset) else {
        return (preset.name, settings, preset)
      }
      let subject = settings.runName ?? settings[RunSettings.application] ?? preset.name
      return ("\(subject)-\(other)", settings, preset)
    } catch let unknown as UnknownName where unknown.kind == "preset" {
      try refuseFile()
      throw UnknownName(
        kind: "experiment", name: experiment, choices: families + unknown.choices)
    }
  }

  /// The estimator that was asked for by name, if it is not the one that the preset is named after.
  private func otherEstimator(than preset: Preset) -> String? {
    guard let asked = flags.given["gradient-estimator"],
      asked.lowercased() != preset.settings["gradient-estimator"]?.lowercased(),
      !preset.name.lowercased().hasSuffix("-" + asked.lowercased())
    else { return nil }
    return asked
  }

  /// Refuses a file or folder in the place of an experiment with what can be done with it.
  private func refuseFile() throws {
    if let run = RunFolder.containing(experiment) {
      throw SettingsError(
        "\(experiment) is a run: repeat it with `nres train \(shellWord(run.configurationPath))`, "
          + "evaluate it with `nres evaluate \(shellWord(run.path))`")
    }
    if FileManager.default.fileExists(atPath: experiment) {
      throw SettingsError(
        "\(experiment) is no experiment: give a preset's name, a settings file (.yaml, .yml or "
          + ".json), or a run's config.json")
    }
  }

  private func seeds() throws -> [Int?] {
    guard let seedList else { return [nil] }
    let parts = seedList.split(separator: ",", omittingEmptySubsequences: false)
    let seeds = parts.compactMap { Int(whole: $0.trimmingCharacters(in: .whitespaces)) }
    guard seeds.count == parts.count, Set(seeds).count == seeds.count else {
      throw SettingsError(
        "--seed-list is '\(seedList)': give different whole numbers between commas, 23,29,31")
    }
    return seeds
  }
}
