import ArgumentParser
import Foundation
import Randomness
import Records
import Settings
import Trainer

/// What an experiment may need said anew on another machine.
enum BaselineSettings: SettingsDeclaring {
  static let declarations =
    LearnedOptimizerSettings.declarations.filter { $0.role == .place }
    + LoopSettings.declarations.filter { $0.name == "threads" }
}

/// `nres baselines`: what SGD and Adam reach where a learned optimizer is trained.
struct Baselines: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Train an inner network with SGD and Adam, to see what a learned optimizer must beat.",
    discussion: """
      The network, data, batches and loss are those of a learned-optimizer experiment; a loss is the \
      mean over an episode, as in its test/unperturbed_meta_test_loss. Every optimizer runs with \
      every rate; its best one comes last, and whether it is at the rates' edge.

      EXAMPLES:
        nres baselines fashion-mnist-nres
        nres baselines runs/lopt/my-run --rates 1e-3,3e-3,1e-2 --json
      """)

  @Argument(
    help: ArgumentHelp(
      "A preset of lopt, a run folder, a YAML file or a run's config.json.",
      valueName: "experiment"))
  var experiment: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Learning rates between commas.", valueName: "rates"))
  var rates = "1e-3,2e-3,3e-3,5e-3,1e-2,2e-2,3e-2,5e-2,1e-1,2e-1,3e-1,5e-1,1"

  @OptionGroup var changes: Flags<BaselineSettings>

  @Flag(help: "Print JSON, all in one line at the end.")
  var json = false

  func run() throws {
    let rates = try parsedRates()
    let preset = try preset()
    let plan = try TrainingPlan(changes.given.over(preset.settings))
    guard let application = try plan.application.init(plan) as? LearnedOptimizerApplication else {
      throw SettingsError(
        "\(experiment) is an experiment of \(plan.application.family): give one of "
          + LearnedOptimizerApplication.family)
    }
    tell(
      notes: application.notes + [preset.imagesNote(plan.settings, application)].compactMap { $0 })
    if !json {
      try printLine(application.name)
      try printLine("optimizer       rate        loss")
    }
    Interrupt.install()
    var measured: [OptimizerBaseline] = []
    try OptimizerBaseline.measure(
      application.task, rates: rates, key: PRNGKey(seed: plan.remainingSeed), pool: plan.pool
    ) { baseline in
      measured.append(baseline)
      if !json { try printLine(row(baseline)) }
      if Interrupt.wasRequested { throw Interrupt.Requested() }
    }
    if json {
      try printLine(try jsonLine(measured))
    } else {
      for line in bests(of: measured) { try printLine(line) }
    }
  }

  private func parsedRates() throws -> [Double] {
    let parts = rates.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard values.count == parts.count, values.allSatisfy({ $0 > 0 && Float($0).isNormal }) else {
      throw SettingsError("--rates is '\(rates)': give positive numbers between commas, 1e-3,1e-2")
    }
    return values
  }

  /// A preset, a file or a run's folder.
  private func preset() throws -> Preset {
    let isFolder =
      (try? URL(filePath: experiment).resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
    guard isFolder == true, !Preset.isPreset(experiment) else {
      return try Preset(named: experiment)
    }
    let folder = try RunFolder.open(experiment)
    guard FileManager.default.fileExists(atPath: folder.configurationPath) else {
      throw RecordError(
        .noInput, experiment, "has no config.json: give a run's folder, a preset or a YAML file")
    }
    return try Preset(named: folder.configurationPath)
  }

  private func row(_ baseline: OptimizerBaseline) -> String {
    padded(baseline.optimizer, to: 9)
      + String(format: " %10g  %10.4f", baseline.rate, baseline.loss)
  }

  /// A line an optimizer, in the order measured.
  private func bests(of measured: [OptimizerBaseline]) -> [String] {
    var names: [String] = []
    for baseline in measured where !names.contains(baseline.optimizer) {
      names.append(baseline.optimizer)
    }
    let bests = OptimizerBaseline.bests(of: measured)
    return names.map { name in
      guard let best = bests.first(where: { $0.optimizer == name }) else {
        return "\(name): no finite loss"
      }
      let found = "\(name): best rate \(String(format: "%g, loss %.4f", best.rate, best.loss))"
      let rates = measured.map(\.rate)
      // A better one may lie beyond.
      guard rates.count > names.count else { return found }
      if best.rate == rates.max() { return found + ", at the edge: try larger rates" }
      if best.rate == rates.min() { return found + ", at the edge: try smaller rates" }
      return found
    }
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
