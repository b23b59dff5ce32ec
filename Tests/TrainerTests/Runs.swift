import Estimators
import Foundation
import Parameters
import Randomness
import Records
import Settings
import Snapshots
import TestSupport
import Trainer
import Workers

extension RunSettings {
  /// The Lorenz system for three quick iterations.
  static var lorenz: RunSettings {
    var settings = RunSettings.quick
    settings["application"] = "lorenz"
    settings["gym-env-name"] = nil
    settings["sigma"] = 0.04
    settings["lorenz-single-init"] = true
    settings["outer-optimizer-specs"] = "SGD||CONSTANT1e-4"
    settings["init-seed"] = 1
    settings["remaining-seed"] = 101
    return settings
  }

  /// Swimmer for three quick iterations.
  static var quick: RunSettings {
    var settings = RunSettings()
    settings["gym-env-name"] = "Swimmer-v4"
    settings["horizon-length"] = 40
    settings["gradient-estimator"] = "TruncatedPESK"
    settings["num-particles"] = 4
    settings["trunc-length"] = 10
    settings["K"] = 40
    settings["sigma"] = 0.3
    settings["outer-optimizer-specs"] = "SGD||CONSTANT1e0"
    settings["outer-iterations"] = 3
    settings["remaining-seed"] = 23
    return settings
  }

  /// A setting of any type.
  subscript<Value: LosslessStringConvertible>(name: String) -> Value? {
    get { texts[name].flatMap { Value($0) } }
    set { self = replacing(name, newValue.map { "\($0)" }) }
  }

  private func replacing(_ name: String, _ text: String?) -> RunSettings {
    var texts = texts
    texts[name] = text
    return RunSettings(texts)
  }

  /// These settings, changed.
  func with(_ change: (inout RunSettings) -> Void) -> RunSettings {
    var settings = self
    change(&settings)
    return settings
  }
}

/// What a run of the training loop left.
struct FinishedRun {
  let folder: RunFolder
  let result: TrainingResult

  init(folder: RunFolder, result: TrainingResult) {
    (self.folder, self.result) = (folder, result)
  }

  /// Trains in a new folder at `path`.
  init(
    _ settings: RunSettings, at path: String, application: (any Application)? = nil,
    threads: Int = 2, stopAfter last: Int = .max
  ) throws {
    let plan = try TrainingPlan(settings)
    let application = try application ?? plan.application.init(plan)
    folder = try RunFolder.create(at: path)
    var isOver = false
    result = try TrainingLoop(
      plan, application: application, folder: folder, pool: WorkerPool(threadCount: threads),
      shouldStop: { isOver }, report: { isOver = isOver || $0.iteration >= last }
    ).run()
  }

  var thetaData: Data? { FileManager.default.contents(atPath: folder.thetaPath) }

  /// θ of every written iteration.
  func trajectory() throws -> [[Float]] {
    let saved = try SavedTheta(path: folder.path)
    return try saved.iterations.map { try saved.theta(at: $0, layout: saved.layout) }
  }

  /// The logged values of `tag`, by iteration.
  func scalars(_ tag: String) throws -> [Int: Double] {
    try Dictionary(
      readScalars(folder.scalarsPath).filter { $0.tag == tag }.map { ($0.iteration, $0.value) },
      uniquingKeysWith: { _, _ in throw Repeated(tag: tag) })
  }

  struct Repeated: Error { var tag: String }

  /// The tags logged at `iteration`.
  func tags(at iteration: Int) throws -> Set<String> {
    Set(try readScalars(folder.scalarsPath).filter { $0.iteration == iteration }.map(\.tag))
  }
}

/// An application without a task, whose estimators give what a test says.
struct FakeApplication: Application {
  typealias Settings = NoSettings

  static let family = "fake"
  static let title = "Fake"
  static let horizon = 1
  static let headline = Headline(
    tag: "test/score", label: "score", isHigherBetter: true, decimals: 0)

  let name = "Fake"
  let layout = ParameterLayout([ParameterLeaf(name: "w", shape: [2])])
  /// What the estimator made with `own` gives for the window `key` of its update number `count`,
  /// from 1.
  var estimate: @Sendable (_ own: PRNGKey, _ key: PRNGKey, _ count: Int) -> GradientEstimate
  /// Whether no estimator can be made.
  var isBroken = false

  init(_ plan: TrainingPlan) {
    self.init { _ in GradientEstimate(gradient: [0, 0], meanLoss: 0) }
  }

  /// The same estimator whatever its keys.
  init(_ estimate: @escaping @Sendable (_ count: Int) -> GradientEstimate) {
    self.estimate = { _, _, count in estimate(count) }
  }

  init(keyed estimate: @escaping @Sendable (PRNGKey, PRNGKey) -> GradientEstimate) {
    self.estimate = { own, key, _ in estimate(own, key) }
  }

  func initialParameters(key: PRNGKey) -> [Float] { [1, -2] }

  func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool, state: Snapshot?,
    share: ParticleShare?
  ) throws -> any GradientEstimator {
    if isBroken { throw SettingsError("no estimator") }
    return FakeEstimator(own: key, estimate: estimate)
  }

  /// Scores that depend on θ and on both keys.
  func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) -> [Scalar] {
    [
      Scalar("test/score", Double(theta[0]) + keys.test.uniform(1).map { Double($0) }[0]),
      Scalar("test/noisy", Double(theta[1]) + keys.smoothed.uniform(1).map { Double($0) }[0]),
    ]
  }
}

private final class FakeEstimator: GradientEstimator {
  let own: PRNGKey
  let give: @Sendable (PRNGKey, PRNGKey, Int) -> GradientEstimate
  private var count = 0

  init(
    own: PRNGKey, estimate: @escaping @Sendable (PRNGKey, PRNGKey, Int) -> GradientEstimate
  ) {
    self.own = own
    give = estimate
  }

  var environmentSteps: Int { 100 * count }

  func estimate(theta: [Float], key: PRNGKey) -> GradientEstimate {
    count += 1
    return give(own, key, count)
  }

  var simulatedSteps: Int { 90 * count }
  var divergedSteps: Int { 0 }

  func snapshot() -> Snapshot { Snapshot(leaves: [], counts: [:], texts: [:]) }
  func restore(from snapshot: Snapshot) {}
  func keepState() {}
  func goBack() {}
  func forgetState() {}
}
