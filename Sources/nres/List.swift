import ArgumentParser
import Datasets
import Envs
import Estimators
import Foundation
import Optimizers
import Parameters
import Tasks
import Trainer

/// `nres list`: the catalogues.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List environments, systems, learned optimizers, data, estimators and presets.")

  func run() throws {
    print("Environments")
    for environment in EnvironmentCatalogue.all {
      let spec = environment.spec
      row(
        spec.id,
        "\(spec.observationCount) observations, \(spec.actionCount) actions, "
          + "\(decimal(spec.stepDuration, 2)) s a step, \(spec.timeLimit) steps")
    }
    print("\nDynamical systems")
    let lorenz = Lorenz()
    row(
      LorenzApplication.family,
      "\(lorenz.valueCount) values a state, \(lorenz.layout.count) parameters, "
        + "\(lorenz.timestep) s a step, \(lorenz.horizon) steps")
    print("\nLearned optimizers")
    for optimizer in LearnedOptimizerCatalogue.all { row(optimizer.id, optimizer.summary) }
    print("\nInner networks")
    row(InnerModel.mlp.rawValue, "multilayer perceptron, its sizes by --lopt-hidden-dims 32,32,32")
    row(
      InnerModel.cnn.rawValue,
      "3x3 convolutions, each pooled, their channels by --lopt-hidden-channels 32,32")
    row("", "activations: " + names(Activation.self))
    print("\nDatasets")
    for dataset in DatasetCatalogue.all {
      let place = dataset.standardFolder.map { " in \($0)" } ?? ""
      row(dataset.name, "\(dataset.classCount) classes\(place); \(dataset.origin)")
    }
    print("\nGradient estimators (flags they need)")
    for estimator in EstimatorCatalogue.all {
      row(estimator.id, estimator.summary)
      row("", "  needs " + needs(estimator).joined(separator: ", "))
    }
    print("\nOptimizers")
    for optimizer in OptimizerCatalogue.all {
      row(
        optimizer.id,
        "'\(optimizer.id)||CONSTANT1e-2' or '\(optimizer.id)||PIECEWISE_CONSTANT1e-2(150,0.3)'")
    }
    print("\nPolicies")
    row("", "architectures: " + names(Policy.Architecture.self))
    row("", "initializations: " + names(Policy.Initialization.self))
    print("\nDefaults")
    for setting in try RunSettings.defaults.listed() where setting.name != "application" {
      row("--" + setting.name, setting.value)
    }
    row("--threads", "one a core")
    for application in ApplicationCatalogue.all {
      print("\nDefaults of \(application.family)")
      for setting in try application.defaults.listed() {
        row("--" + setting.name, setting.value)
      }
    }
    print("\nPresets")
    for preset in Preset.all {
      row(preset.name, describe(try Preset(named: preset.name).settings))
    }
  }

  private func describe(_ settings: RunSettings) -> String {
    let parts: [String?] = [
      settings.gymEnvName ?? settings.loptDatasetName ?? settings.application,
      settings.gradientEstimator,
      settings.numParticles.map { "N=\($0)" },
      settings.truncLength.map { "W=\($0)" },
      settings.noisePeriod.map { "K=\($0)" },
      settings.sigma.map { "σ=\($0)" },
      settings.outerOptimizerSpecs,
      settings.outerIterations.map { "\($0) iterations" },
      settings.remainingSeed.map { "seed \($0)" },
      settings.evalFreq.map { "evaluated every \($0)" },
    ]
    return parts.compactMap { $0 }.joined(separator: "  ")
  }

  private func needs(_ estimator: any EstimatorAlgorithm.Type) -> [String] {
    ["--num-particles"] + (estimator.smoothsObjective ? ["--sigma"] : [])
      + (estimator.needsWindowLength ? ["--trunc-length"] : [])
      + (estimator.needsNoisePeriod ? ["--K"] : [])
      + (estimator.needsDerivatives ? ["a differentiable task"] : [])
  }

  private func names<Choice: CaseIterable & RawRepresentable<String>>(
    _ type: Choice.Type
  ) -> String {
    type.allCases.map(\.rawValue).joined(separator: ", ")
  }

  private func row(_ name: String, _ text: String) {
    let width = max(33, name.count + 1)
    print("  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + text)
  }
}
