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
      TensorBoard event file. Ctrl-C, SIGTERM and SIGHUP end it at once, with every iteration written \
      that is done, and exit status 130, 143 or 129.
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
    let (name, given, preset) = try settings()
    let settings = try given.withOriginNumbered
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
    tell(
      notes: try application.notes
        + (preset?.checkInputs(of: runs[0].plan, application, under: flags.given) ?? []))
    Interrupt.install()
    var hasDiverged = false
    for run in runs {
      if let status = Interrupt.status { throw status }
      if try train(run, of: application).divergence != nil { hasDiverged = true }
    }
    if hasDiverged { throw ExitStatus.diverged }
  }

  /// One run to come.
  private struct Run {
    var name: String
    /// Its folder, if it was named.
    var path: String?
    var plan: TrainingPlan
  }

  private func train(_ run: Run, of application: any Application) throws -> TrainingResult {
    let plan = run.plan
    let headline = plan.application.headline
    let folder =
      try run.path.map { try RunFolder.create(at: $0) }
      ?? RunFolder.create(family: plan.application.family, name: run.name)
    let path = folder.path
    tell("\(run.name) (seed \(plan.remainingSeed)) -> \(path)")
    let progress = ProgressLine()
    var done = 0
    let loop = TrainingLoop(
      plan, application: application, folder: folder, pool: plan.pool,
      shouldStop: { Interrupt.wasRequested },
      report: {
        if let nonFinite = $0.nonFinite { progress.note(nonFinite.description) }
        if let count = $0.divergedSteps {
          progress.note("iteration \($0.iteration): \(count) env steps diverged and ended episodes")
        }
        if let divergence = $0.divergence { progress.note("the run \(divergence)") }
        let latest = $0
        if latest.isUnderWay {
          return progress.showMeanwhile { latest.line(headline, columns: $0) }
        }
        if !latest.isEvaluating { done = latest.iteration }
        progress.show { latest.line(headline, columns: $0) }
      })
    let result: TrainingResult
    do {
      result = try loop.run()
    } catch {
      progress.finish()
      // A run that could not begin leaves nothing.
      if RunFolder.containing(path) != nil { tell("failed after iteration \(done)\nrun: \(path)") }
      throw error is CancellationError ? Interrupt.Requested() : error
    }
    progress.finish()
    tell(summary(of: result, headline, in: path))
    if result.wasStopped, let status = Interrupt.status { throw status }
    return result
  }

  private func summary(
    of result: TrainingResult, _ headline: Headline, in path: String
  ) -> String {
    let outcome = result.wasStopped ? "stopped at" : "finished"
    var latest = result.latest.map { ", " + headline.text($0.value) } ?? ""
    if let iteration = result.evaluatedIteration, iteration != result.lastIteration {
      latest += " at iteration \(iteration)"
    }
    var lines = [
      "\(outcome) iteration \(result.lastIteration)\(latest), "
        + "\(result.environmentSteps) env steps in \(clock(result.seconds))",
      "run: \(path)",
    ]
    if result.leftEvaluations {
      lines.append("evaluations left undone: nres evaluate \(shellWord(path)) --iteration all")
    }
    if result.divergedSteps > 0 { lines.append("\(result.divergedSteps) env steps diverged") }
    if let divergence = result.divergence { lines.append(divergence.description) }
    return lines.joined(separator: "\n")
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
