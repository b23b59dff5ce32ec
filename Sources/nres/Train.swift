import ArgumentParser
import Foundation
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
        nres train rl --gym-env-name Swimmer-v4 --gradient-estimator TruncatedPESK \\
          --num-particles 30 --trunc-length 100 --K 1000 --sigma 0.3 \\
          --outer-optimizer-specs 'SGD||CONSTANT3e0' --outer-iterations 200 \\
          --run-test-during-training

      A run is a folder with config.json, theta_trajectory.safetensors, scalars.csv and a \
      TensorBoard event file. Ctrl-C ends it after the current iteration with everything written.
      """)

  @Argument(
    help: ArgumentHelp(
      "rl for flags alone, a preset such as swimmer-nres, a YAML file, or a run's config.json.",
      valueName: "experiment"))
  var experiment: String

  @OptionGroup(title: "Environment and policy") var control: ControlFlags
  @OptionGroup(title: "Gradient estimator") var estimator: EstimatorFlags
  @OptionGroup(title: "Training") var loop: LoopFlags
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationFlags

  @Option(
    name: .customLong("seed-list"), parsing: .unconditional,
    help: ArgumentHelp(
      "One run for each of these --remaining-seed values: 23,29,31.", valueName: "seeds"))
  var seedList: String?

  @Option(
    name: .customLong("run-dir"), parsing: .unconditional,
    help: ArgumentHelp(
      "The run's folder, new or empty (default: runs/rl/<name>-<time>); with --seed-list each "
        + "run is in its seed-<seed>.", valueName: "path"))
  var runDirectory: String?

  func run() throws {
    let settings = try settings()
    let seeds = try seeds()
    // Everything is checked before the first file is made.
    let plans = try seeds.map { seed in
      var settings = settings.settings
      if let seed { settings.remainingSeed = seed }
      return try TrainingPlan(settings)
    }
    let base =
      runDirectory
      ?? RunFolder.defaultPath(family: ControlApplication.family, name: settings.name)
    let paths = seeds.map { $0.map { "\(base)/seed-\($0)" } ?? base }
    for path in paths { try RunFolder.isThere(path) }
    Interrupt.install()
    for (plan, path) in zip(plans, paths) where !Interrupt.wasRequested {
      try train(plan, name: settings.name, in: path)
    }
  }

  private func train(_ plan: TrainingPlan, name: String, in path: String) throws {
    let application = try ControlApplication(plan)
    let pool = WorkerPool(
      laneCount: plan.settings.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let folder = try RunFolder.create(at: path)
    print("\(name) (seed \(plan.remainingSeed)) -> \(path)")
    let progress = ProgressLine()
    let loop = TrainingLoop(
      plan, application: application, folder: folder, pool: pool,
      shouldStop: { Interrupt.wasRequested }, report: { progress.show($0) })
    let result: TrainingResult
    do {
      result = try loop.run()
    } catch {
      progress.finish()
      throw error
    }
    progress.finish()
    print(summary(of: result, in: path))
  }

  private func summary(of result: TrainingResult, in path: String) -> String {
    let outcome = result.wasStopped ? "stopped at" : "finished"
    let reward = result.latest.map { ", reward \(decimal($0.value, 1))" } ?? ""
    return "\(outcome) iteration \(result.lastIteration)\(reward), "
      + "\(result.environmentSteps) env steps in \(clock(result.seconds))\nrun: \(path)"
  }

  private func settings() throws -> (name: String, settings: RunSettings) {
    var flags = RunSettings()
    control.apply(to: &flags)
    estimator.apply(to: &flags)
    loop.apply(to: &flags)
    evaluation.apply(to: &flags)
    guard experiment.lowercased() != ControlApplication.family else {
      flags.application = ControlApplication.family
      let parts = [flags.gymEnvName, flags.gradientEstimator].compactMap { $0 }
      return (parts.isEmpty ? experiment : parts.joined(separator: "-"), flags)
    }
    let preset = try Preset(named: experiment)
    return (preset.name, try flags.over(preset.settings))
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
