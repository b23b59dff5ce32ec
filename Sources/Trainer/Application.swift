import Distribution
package import Estimators
package import Parameters
package import Randomness
package import Settings
package import Snapshots
package import Unrolls
package import Workers

/// A logged number.
package struct Scalar: Hashable, Sendable, Codable {
  package var tag: String
  package var value: Double

  package init(_ tag: String, _ value: Double) {
    self.tag = tag
    self.value = value
  }
}

/// A task family as the training loop sees it: how it makes estimators, evaluates and names things.
package protocol Application: Sendable, SendableMetatype {
  /// Its name on the command line and its folder of `runs/`: `rl`.
  static var family: String { get }
  /// The settings that no other application has.
  associatedtype Settings: SettingsGroup
  /// What help calls them: `Environment and policy`.
  static var title: String { get }
  /// T where nothing else is said.
  static var horizon: Int { get }
  /// The same in a run of `given`, which may decide it.
  static func horizon(for given: RunSettings) throws -> Int
  /// What listings say that it is: `2000`.
  static var horizonText: String { get }
  /// What holds for its own settings where nothing else is said, in a run of `given`; in any run
  /// for nil.
  static func defaults(for given: RunSettings?) -> RunSettings
  /// The first of the scalars that an evaluation gives.
  static var headline: Headline { get }

  /// - Throws: `SettingsError`, or what the task says of a setting that cannot be.
  init(_ plan: TrainingPlan) throws

  /// The task's name, first part of its tags: `Swimmer-v4`.
  var name: String { get }
  var layout: ParameterLayout { get }

  func initialParameters(key: PRNGKey) throws -> [Float]

  func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool,
    state: Snapshot?, share: ParticleShare?
  ) throws -> any GradientEstimator

  /// Evaluates θ; where several processes do, each takes a part of the episodes.
  ///
  /// - Parameters:
  ///   - keys: The iteration's keys.
  /// - Returns: The scalars to log, the headline first.
  func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar]

  /// What it has read that the settings do not fix, by names for people.
  var inputs: [String: RunInput] { get }

  /// What steps its environments, as `config.json` notes it; nil where it has none.
  var engine: String? { get }

  /// What a person should know of what it has read: a line each.
  var notes: [String] { get }

  /// The settings that a θ file carries with it, without which θ cannot be used.
  var thetaLabels: RunSettings { get }

  /// θ as scalars to log at every iteration, where its values have a meaning each; else nothing.
  func scalars(of theta: [Float]) -> [Scalar]

  /// What training has met so far, as θ has statistics of it; else nothing.
  func moments(of theta: [Float]) -> Moments

  /// Sets θ's statistics, if it has any, to those of what training has met so far.
  func use(_ moments: Moments, in theta: inout [Float])
}

extension Application {
  /// Evaluates any θ: one that is not finite is worth nothing, whatever its episodes would give.
  func evaluation(
    _ plan: TrainingPlan, of theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] {
    guard theta.allSatisfy(\.isFinite) else {
      return EpisodeStatistics([.nan]).scalars(Self.headline.tag)
    }
    try pool.exchange?.order(
      .evaluate(theta: theta, keys: [keys.test, keys.smoothed, keys.update]))
    return try evaluate(plan, theta: theta, keys: keys, pool: pool)
  }

  package static func defaults(for given: RunSettings?) -> RunSettings { RunSettings(Settings()) }

  package var inputs: [String: RunInput] { [:] }

  package var engine: String? { nil }

  package var notes: [String] { [] }

  package var thetaLabels: RunSettings { RunSettings() }

  package static func horizon(for given: RunSettings) -> Int { horizon }

  package static var horizonText: String { "\(horizon)" }

  package func scalars(of theta: [Float]) -> [Scalar] { [] }

  package func moments(of theta: [Float]) -> Moments { Moments() }

  package func use(_ moments: Moments, in theta: inout [Float]) {}
}

/// The keys of one iteration of the training loop.
package struct IterationKeys: Sendable {
  /// Draws the test evaluation.
  package let test: PRNGKey
  /// Draws the evaluation under noise.
  package let smoothed: PRNGKey
  /// Draws the update.
  package let update: PRNGKey

  /// The chain that yields an iteration's keys after another: (test, smoothed, update, next) =
  /// split(key, 4), from the second row of split(PRNGKey(remaining seed)).
  package struct Chain: IteratorProtocol, Sequence, Sendable {
    private var key: PRNGKey

    package init(remainingSeed: UInt64) { key = PRNGKey(seed: remainingSeed).split().1 }

    /// Leaves out the next `count` iterations.
    mutating func skip(_ count: Int) {
      for _ in 0..<count { key = key.split(4, at: 3) }
    }

    package mutating func next() -> IterationKeys? {
      let keys = IterationKeys(
        test: key.split(4, at: 0), smoothed: key.split(4, at: 1), update: key.split(4, at: 2))
      key = key.split(4, at: 3)
      return keys
    }
  }
}
