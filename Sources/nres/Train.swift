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
        nres train rl --gym-env-name Swimmer-v4 --gradient-estimator TruncatedPESK \\
          --num-particles 30 --trunc-length 100 --K 1000 --sigma 0.3 \\
          --outer-optimizer-specs 'SGD||CONSTANT3e0' --outer-iterations 200 \\
          --run-test-during-training

      A run is a folder with config.json, theta_trajectory.safetensors, scalars.csv and a \
      TensorBoard event file. Ctrl-C ends it at once, with every iteration written that is done.
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

  func run() throws {
    let (name, settings) = try settings()
    let seeds = try seeds()
    // Everything is checked before the first file is made.
    let runs = try seeds.map { seed in
      var settings = settings
      if let seed { settings["remaining-seed"] = "\(seed)" }
      let plan = try TrainingPlan(
        settings, cancellation: Cancellation { Interrupt.wasRequested })
      let path = runDirectory.map { path in seed.map { "\(path)/seed-\($0)" } ?? path }
      if let path { try RunFolder.isEmptyFolder(at: path) }
      return Run(name: seed.map { "\(name)-seed\($0)" } ?? name, path: path, plan: plan)
    }
    // Seeds of training do not matter to it, and it may hold a dataset.
    let application = try runs[0].plan.application.init(runs[0].plan)
    Interrupt.install()
    for run in runs where !Interrupt.wasRequested { try train(run, of: application) }
  }

  /// One run to come.
  private struct Run {
    var name: String
    /// Its folder, if it was named.
    var path: String?
    var plan: TrainingPlan
  }

  private func train(_ run: Run, of application: any Application) throws {
    let plan = run.plan
    let headline = plan.application.headline
    let folder =
      try run.path.map { try RunFolder.create(at: $0) }
      ?? RunFolder.create(family: plan.application.family, name: run.name)
    let path = folder.path
    print("\(run.name) (seed \(plan.remainingSeed)) -> \(path)")
    let progress = ProgressLine()
    let loop = TrainingLoop(
      plan, application: application, folder: folder, pool: plan.pool,
      shouldStop: { Interrupt.wasRequested },
      report: {
        if let nonFinite = $0.nonFinite { progress.note(nonFinite.description) }
        let latest = $0
        if latest.isStarting { return progress.showMeanwhile(latest.line(headline)) }
        progress.show(latest.line(headline))
      })
    let result: TrainingResult
    do {
      result = try loop.run()
    } catch {
      progress.finish()
      throw error
    }
    progress.finish()
    print(summary(of: result, headline, in: path))
  }

  private func summary(
    of result: TrainingResult, _ headline: Headline, in path: String
  ) -> String {
    let outcome = result.wasStopped ? "stopped at" : "finished"
    var latest = result.latest.map { ", " + headline.text($0.value) } ?? ""
    if let iteration = result.evaluatedIteration, iteration != result.lastIteration {
      latest += " at iteration \(iteration)"
    }
    let undone =
      result.leftEvaluations
      ? "\nevaluations left undone: nres evaluate \(shellWord(path)) --iteration all" : ""
    return "\(outcome) iteration \(result.lastIteration)\(latest), "
      + "\(result.environmentSteps) env steps in \(clock(result.seconds))\nrun: \(path)\(undone)"
  }

  private func settings() throws -> (name: String, settings: RunSettings) {
    var flags = flags.given
    let families = ApplicationCatalogue.all.map { $0.family }
    if families.contains(experiment.lowercased()) {
      flags[RunSettings.application] = experiment.lowercased()
      let parts = [flags.runName ?? experiment.lowercased(), flags["gradient-estimator"]]
      return (parts.compactMap { $0 }.joined(separator: "-"), flags)
    }
    do {
      let preset = try Preset(named: experiment)
      return (preset.name, flags.over(preset.settings))
    } catch let unknown as UnknownName where unknown.kind == "preset" {
      throw UnknownName(
        kind: "experiment", name: experiment, choices: families + unknown.choices)
    }
  }

  private func seeds() throws -> [Int?] {
    guard let seedList else { return [nil] }
    let parts = seedList.split(separator: ",", omittingEmptySubsequences: false)
    let seeds = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard seeds.count == parts.count, Set(seeds).count == seeds.count else {
      throw SettingsError(
        "--seed-list is '\(seedList)': give different whole numbers between commas, 23,29,31")
    }
    return seeds
  }
}
