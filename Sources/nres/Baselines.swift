import ArgumentParser
import Foundation
import Randomness
import Trainer

/// `nres baselines`: what SGD and Adam reach where a learned optimizer is trained.
struct Baselines: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Train an inner network with SGD and Adam, to see what a learned optimizer must beat.",
    discussion: """
      The network, data, batches and loss are those of a learned-optimizer experiment; a loss is the \
      mean over an episode, as in its test/unperturbed_meta_test_loss. Every optimizer runs with \
      every rate, and its best one is marked.

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
  var rates = "1e-4,3e-4,1e-3,3e-3,1e-2,3e-2,1e-1,3e-1,1"

  @Option(
    name: .customLong("data-dir"), parsing: .unconditional,
    help: ArgumentHelp("The data's folder, if not the experiment's own.", valueName: "path"))
  var dataDirectory: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads (default: one a core).", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let rates = try parsedRates()
    let config = "\(experiment)/config.json"
    let preset = try Preset(
      named: FileManager.default.fileExists(atPath: config) ? config : experiment)
    var settings = RunSettings()
    settings.dataDir = dataDirectory
    settings.threads = threads
    let plan = try TrainingPlan(settings.over(preset.settings))
    guard let application = try plan.application.init(plan) as? LearnedOptimizerApplication else {
      throw SettingsError(
        "\(experiment) is an experiment of \(plan.application.family): give one of "
          + LearnedOptimizerApplication.family)
    }
    let measured = try OptimizerBaseline.measure(
      application.task, rates: rates, key: PRNGKey(seed: plan.remainingSeed), pool: plan.pool)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      print(String(decoding: try encoder.encode(measured.map(Row.init)), as: UTF8.self))
    } else {
      print(application.name)
      for line in table(measured) { print(line) }
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

  /// A loss as JSON, which has no number for one that is not finite.
  private struct Row: Encodable {
    var optimizer: String
    var rate: Double
    var loss: Double?

    init(_ baseline: OptimizerBaseline) {
      optimizer = baseline.optimizer
      rate = baseline.rate
      loss = baseline.loss.isFinite ? baseline.loss : nil
    }
  }

  private func table(_ measured: [OptimizerBaseline]) -> [String] {
    let best = Dictionary(grouping: measured.filter(\.loss.isFinite), by: \.optimizer)
      .mapValues { $0.map(\.loss).min() }
    return ["optimizer       rate        loss"]
      + measured.map { row in
        let mark = best[row.optimizer] == row.loss ? "  best" : ""
        return String(format: "%@ %10g  %10.4f", padded(row.optimizer, to: 9), row.rate, row.loss)
          + mark
      }
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
