package import Settings

/// When θ is evaluated.
package struct EvaluationSettings: SettingsGroup {
  package var isDuringTraining = false
  /// Whether the saved trajectory is evaluated.
  package var isAfterTraining = false
  /// Iterations divisible by this are evaluated.
  package var period = 1
  /// After this iteration, the second period takes the place of the first.
  package var watershed: Int?
  package var secondPeriod: Int?

  package init() {}

  package static let settings: [Setting<EvaluationSettings>] = [
    Setting("run-test-during-training", \.isDuringTraining, help: "Evaluate while training."),
    Setting(
      "run-test-after-training", \.isAfterTraining,
      help: "Evaluate the saved θ's after training: same numbers, undisturbed timings."),
    Setting(
      "eval-freq", \.period,
      help: "Evaluate at iterations divisible by this (default: 1).", valueName: "n"),
    Setting(
      "eval-watershed", \.watershed,
      help: "After this iteration, use the second frequency.", valueName: "i"),
    Setting(
      "second-eval-freq", \.secondPeriod, help: "The frequency after the watershed.",
      valueName: "n"),
  ]
}
