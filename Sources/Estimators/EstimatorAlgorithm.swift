public import Randomness
public import Snapshots
public import Unrolls
public import Workers

/// An algorithm of the catalogue: its name, what it needs and how an estimator of it is made.
public protocol EstimatorAlgorithm: Sendable, SendableMetatype {
  /// The reference's name, used on the command line.
  static var id: String { get }
  /// One line for listings.
  static var summary: String { get }
  /// Whether particles stand at different steps of their episodes, carried from window to window.
  static var isStepUnlocked: Bool { get }
  /// Whether the objective it descends is smoothed by noise of standard deviation σ.
  static var smoothsObjective: Bool { get }
  /// Whether it needs K, the noise period.
  static var needsNoisePeriod: Bool { get }
  /// Whether it needs W, the window length.
  static var needsWindowLength: Bool { get }
  /// Whether it can normalize losses.
  static var canNormalizeLoss: Bool { get }
  /// Whether it needs a task that can be differentiated.
  static var needsDerivatives: Bool { get }

  /// Whether there can be an estimator for `task`, before anything is made.
  ///
  /// - Throws: `EstimatorError` with what to choose.
  static func check<Task: UnrolledTask>(_ task: Task) throws

  /// Makes an estimator; step-unlocked ones start their trajectories here, burn-in included.
  static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator
}

extension EstimatorAlgorithm {
  public static var smoothsObjective: Bool { true }
  public static var needsNoisePeriod: Bool { false }
  public static var needsWindowLength: Bool { true }
  public static var canNormalizeLoss: Bool { false }
  public static var needsDerivatives: Bool { false }

  public static func check<Task: UnrolledTask>(_ task: Task) throws {}

  /// Makes an estimator of the parts of an ``EstimatorSetup``.
  public static func make<Task: UnrolledTask>(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool,
    state: Snapshot? = nil, share: ParticleShare? = nil
  ) throws -> any GradientEstimator {
    var setup = EstimatorSetup(task, settings: settings, theta: theta, key: key, pool: pool)
    (setup.state, setup.share) = (state, share)
    return try make(setup)
  }
}

/// An algorithm that differentiates the task instead of perturbing it.
///
/// It does not see what no derivative sees: that θ decides when an episode ends early. Where that
/// matters its gradient is that of the losses along episodes whose ends stay where they are.
public protocol DifferentiatingAlgorithm: EstimatorAlgorithm {
  /// Makes an estimator, as ``EstimatorAlgorithm/make(_:)`` does.
  static func make<Task: DifferentiableTask>(
    differentiating setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator
}

extension DifferentiatingAlgorithm {
  public static var smoothsObjective: Bool { false }
  public static var needsDerivatives: Bool { true }

  /// - Throws: `EstimatorError.needsDerivatives` for a task that cannot be differentiated.
  public static func check<Task: UnrolledTask>(_ task: Task) throws {
    guard task is any DifferentiableTask else {
      throw EstimatorError.needsDerivatives(estimator: id, task: task.name)
    }
  }

  /// - Throws: `EstimatorError.needsDerivatives` for a task that cannot be differentiated.
  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    guard let task = setup.task as? any DifferentiableTask else {
      throw EstimatorError.needsDerivatives(estimator: id, task: setup.task.name)
    }
    func make(_ task: some DifferentiableTask) throws -> any GradientEstimator {
      var same = EstimatorSetup(
        task, settings: setup.settings, theta: setup.theta, key: setup.key, pool: setup.pool)
      (same.state, same.share) = (setup.state, setup.share)
      return try self.make(differentiating: same)
    }
    return try make(task)
  }
}

/// What an estimator is made of.
public struct EstimatorSetup<Task: UnrolledTask>: Sendable {
  /// The problem.
  public var task: Task
  /// N, W, K, σ.
  public var settings: EstimatorSettings
  /// θ at iteration 0.
  public var theta: [Float]
  /// The estimator's own key.
  public var key: PRNGKey
  /// The threads to run on.
  public var pool: WorkerPool
  /// What another one with these settings was, for one that goes on from there; nil for one that starts.
  public var state: Snapshot?
  /// The part of the particles that is run here; nil for all.
  public var share: ParticleShare?

  public init(
    _ task: Task, settings: EstimatorSettings, theta: [Float], key: PRNGKey, pool: WorkerPool
  ) {
    self.task = task
    self.settings = settings
    self.theta = theta
    self.key = key
    self.pool = pool
  }

  /// The same, changed.
  public func with(_ change: (inout EstimatorSettings) -> Void) -> EstimatorSetup {
    var setup = self
    change(&setup.settings)
    return setup
  }

  /// The same with episodes that begin at step 0, are whole windows and have no burn-in.
  func inWholeEpisodes(windowLength: Int) -> EstimatorSetup {
    with {
      $0.windowLength = windowLength
      $0.startsAtRandomSteps = false
      $0.burnInLength = 0
    }
  }
}
