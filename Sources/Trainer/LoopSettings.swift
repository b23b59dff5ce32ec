import Optimizers
package import Settings

/// How often, how long and with which seeds.
package struct LoopSettings: SettingsGroup {
  /// The outer optimizer, for example `SGD||CONSTANT3e0`; required.
  package var optimizer: String?
  /// Number of updates of θ; required.
  package var iterations: Int?
  /// θ is kept of iterations divisible by this, and of the last.
  package var thetaEvery = 1
  /// Iterations divisible by this are logged, and those that are evaluated.
  package var logEvery = 1
  /// Whether numbers are logged under all the tags that the reference gives them.
  package var hasReferenceTags = false
  /// How often a checkpoint is written.
  package var checkpointEvery = CheckpointPeriod.seconds(60)
  /// Each coordinate of the gradient is cut to ± this before the optimizer.
  package var gradientThreshold: Double?
  /// What follows where the mean loss, θ or an evaluation is not finite.
  package var onNonFinite = NonFinitePolicy.continue
  /// The run ends once the headline reaches this …
  package var stopAt: Double?
  /// … in so many evaluations one after the other.
  package var stopFor: Int?
  /// The run ends after so many evaluations without a better one.
  package var patience: Int?
  /// Seed of θ₀.
  package var initSeed = 0
  /// Seed of everything else.
  package var remainingSeed = 0
  /// Threads; results do not depend on it.
  package var threads: Int?

  package init() {}

  package static let settings: [Setting<LoopSettings>] = [
    Setting(
      "outer-optimizer-specs", \.optimizer,
      help: "NAME||SCHEDULE: \(alternatives(OptimizerCatalogue.all.map { $0.id })); CONSTANT3e0 or "
        + "PIECEWISE_CONSTANT1e-2(150,0.3).",
      valueName: "spec"),
    Setting(
      "outer-iterations", \.iterations, help: "Number of updates of θ.", valueName: "n"),
    Setting(
      "theta-every", \.thetaEvery,
      help: "Keep θ of iterations divisible by this, and of the last (default: 1); the best "
        + "iteration of a run is one that was kept.", valueName: "n"),
    Setting(
      "log-every", \.logEvery,
      help: "Log iterations divisible by this, and those that are evaluated (default: 1).",
      valueName: "n"),
    Setting(
      "reference-tags", \.hasReferenceTags,
      help:
        "Log every number under all the tags that the reference has for it, such as mean_loss and "
        + "best_of_mean_loss; else under one."),
    Setting(
      "checkpoint-every", \.checkpointEvery,
      help:
        "Write a checkpoint, which `nres resume` goes on from, as often: 90s, 10m, or every so many "
        + "iterations (default: 60s); one follows the last iteration in any case.",
      valueName: "period"),
    Setting(
      "grad-clip-threshold", \.gradientThreshold,
      help: "Cut each coordinate of the gradient to ± this.", valueName: "x"),
    Setting(
      "on-nonfinite", \.onNonFinite,
      help: "When the mean loss, θ or an evaluation is not finite: continue, or stop after that "
        + "iteration (default: continue). Either way the run ends as one that diverged.",
      valueName: "policy"),
    Setting(
      "stop-at", \.stopAt,
      help: "End once an evaluation's reward is at least this, or its loss at most; needs "
        + "--run-test-during-training.", valueName: "x"),
    Setting(
      "stop-for", \.stopFor,
      help: "Reach --stop-at in so many evaluations one after the other (default: 1).",
      valueName: "n"),
    Setting(
      "patience", \.patience,
      help: "End after so many evaluations without a better one; needs "
        + "--run-test-during-training.", valueName: "n"),
    Setting(
      "init-seed", \.initSeed, help: "Seed of θ at iteration 0 (default: 0).",
      valueName: "seed"),
    Setting(
      "remaining-seed", \.remainingSeed, help: "Seed of everything else (default: 0).",
      valueName: "seed"),
    Setting(
      "threads", \.threads,
      help:
        "Threads (default: one for each processor that it may use). Results do not depend on it.",
      valueName: "n"),
  ]
}

/// What a run does where it has diverged.
package enum NonFinitePolicy: String, Sendable, CaseIterable, SettingValue {
  case `continue`, stop
}
