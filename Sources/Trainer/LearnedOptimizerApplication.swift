import Datasets
package import Estimators
import Foundation
package import Parameters
package import Randomness
import Settings
package import Snapshots
package import Tasks
package import Workers

/// Meta-training of learned optimizers on small networks that classify images.
package struct LearnedOptimizerApplication: Application {
  package typealias Settings = LearnedOptimizerSettings

  package static let family = "lopt"
  package static let title = "Learned optimizer"
  package static let horizon = 1000

  /// Sizes are those of the learned optimizer that was chosen.
  package static func defaults(for given: RunSettings?) -> RunSettings {
    let own = LearnedOptimizerSettings()
    let name = given.map { $0["lopt-architecture"] ?? own.optimizer }
    return LearnedOptimizerCatalogue.all.filter {
      name == nil || $0.id.lowercased() == name?.lowercased()
    }.reduce(RunSettings(own)) { $0.over(RunSettings($1.ownGroup.init())) }
  }

  package static let headline = Headline(
    tag: "test/unperturbed_meta_test_loss", label: "test loss", isHigherBetter: false, decimals: 4)

  package let task: LearnedOptimizerTask

  package var name: String { task.name }
  package var layout: ParameterLayout { task.layout }

  package init(_ plan: TrainingPlan) throws {
    let checked = try InnerProblemPlan(plan.settings.group())
    if plan.estimator.needsDerivatives, checked.outerLoss == .accuracy {
      throw SettingsError(
        "--use-accuracy has no derivative, which \(plan.estimatorName) needs: leave it out or choose "
          + "an estimator that smooths, such as TruncatedPESK")
    }
    var task = LearnedOptimizerTask(
      try checked.problem(), horizon: plan.horizon, singleSequenceSeed: checked.singleSequenceSeed)
    task.cancellation = plan.pool.cancellation
    self.task = task
    try plan.checkEstimator(of: task)
    try checkMemory(plan)
  }

  /// Refuses what the machine cannot hold, which no error could say later.
  private func checkMemory(_ plan: TrainingPlan) throws {
    let keptSteps =
      plan.estimator == FullGradient.self
      ? plan.horizon
      : plan.estimator == TruncatedBPTT.self || plan.estimator == ShortHorizonGradient.self
        ? plan.estimatorSettings.windowLength : 0
    let needed = task.memory(
      particles: plan.estimatorSettings.particleCount * plan.microbatches,
      threads: plan.pool.threadCount, keptSteps: keptSteps)
    let gibibyte = 1_073_741_824.0
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed < available else {
      let what = keptSteps > 0 ? "--horizon-length, --trunc-length" : "--num-particles"
      throw SettingsError(
        String(
          format: "%@, --lopt-batch-size and the inner network's sizes together need %.0f GiB of "
            + "memory, and there are %.0f: choose smaller ones",
          what, needed / gibibyte, available / gibibyte))
    }
  }

  package var inputs: [String: RunInput] {
    ["images": RunInput(crc32: task.problem.data.checksum)]
  }

  package var notes: [String] {
    task.problem.data.labelOffset == 0 ? [] : ["the images' \(task.problem.data.labelsLine)"]
  }

  package func initialParameters(key: PRNGKey) -> [Float] { task.initialParameters(key: key) }

  package func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool,
    state: Snapshot?, share: ParticleShare?
  ) throws -> any GradientEstimator {
    try plan.estimator.make(
      task, settings: plan.estimatorSettings, theta: theta, key: key, pool: pool,
      state: state, share: share)
  }

  /// The test loss alone: the reference reports no smoothed one of this family.
  package func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] {
    let losses = try task.episodeLosses(theta: theta, key: keys.test, pool: pool)
    return EpisodeStatistics(losses.map { Double($0) }).scalars(Self.headline.tag)
  }

  package func scalars(of theta: [Float]) -> [Scalar] {
    guard layout.leaves.allSatisfy(\.shape.isEmpty) else { return [] }
    return zip(layout.leaves, theta).map { Scalar("\(name)/\($0.name)", Double($1)) }
  }
}
