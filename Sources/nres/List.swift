import ArgumentParser
import Envs
import Estimators
import Foundation
import Optimizers
import Trainer

/// `nres list`: the catalogues.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List environments, gradient estimators, optimizers and presets.")

  func run() throws {
    print("Environments")
    for environment in EnvironmentCatalogue.all {
      let spec = environment.spec
      row(
        spec.id,
        "\(spec.observationCount) observations, \(spec.actionCount) actions, "
          + "\(decimal(spec.stepDuration, 2)) s a step, \(spec.timeLimit) steps")
    }
    print("\nGradient estimators")
    for estimator in EstimatorCatalogue.all { row(estimator.id, estimator.summary) }
    print("\nOptimizers")
    for optimizer in OptimizerCatalogue.all {
      row(optimizer.id, "for example '\(optimizer.id)||CONSTANT1e-2'")
    }
    print("\nPolicies\n  linear (no bias), mlp (one hidden layer of 30); init: zero, normal")
    print("\nPresets")
    for preset in Preset.all {
      let settings = try Preset(named: preset.name).settings
      row(preset.name, describe(settings))
    }
  }

  private func row(_ name: String, _ text: String) {
    print("  " + name.padding(toLength: max(22, name.count), withPad: " ", startingAt: 0) + text)
  }

  private func describe(_ settings: RunSettings) -> String {
    var parts: [String] = []
    if let estimator = settings.gradientEstimator { parts.append(estimator) }
    if let count = settings.numParticles { parts.append("N=\(count)") }
    if let length = settings.truncLength { parts.append("W=\(length)") }
    if let period = settings.noisePeriod { parts.append("K=\(period)") }
    if let sigma = settings.sigma { parts.append("σ=\(sigma)") }
    if let optimizer = settings.outerOptimizerSpecs { parts.append(optimizer) }
    if let iterations = settings.outerIterations { parts.append("\(iterations) iterations") }
    return parts.joined(separator: "  ")
  }
}
