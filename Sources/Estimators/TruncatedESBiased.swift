public import Randomness
public import Unrolls

/// Truncated evolution strategies, TES: perturbs one window from a state reached without noise.
///
/// Metz et al. 2019. Biased: it ignores what earlier windows, run with another θ, did to the state.
public enum TruncatedESBiased: EstimatorAlgorithm {
  public static let id = "TruncatedESBiased"
  public static let summary = "TES: perturbs each window from an unperturbed state (biased)"
  public static let isStepUnlocked = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<UnperturbedBlock<Task>>(setup)
  }
}

/// A block of TES.
public struct UnperturbedBlock<Task: UnrolledTask>: EstimatorBlock {
  public typealias Noise = WindowNoise

  /// The trajectory of each particle, advanced with θ alone.
  public private(set) var states: [Task.State]

  public static var carriesEpisodes: Bool { true }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .plainStart(from: key, burnIn: burnIn) { WindowKeys.Step(noise: $0, unroll: $0) }
  }

  /// One noise key for the window. The reference splits the unroll key into as many rows as there
  /// are *particles* and takes one a step; past the last row its indexing stays at the last.
  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    let (noise, unroll) = key.split()
    let count = settings.particleCount
    return WindowKeys(start: key, noise: noise) {
      (0..<length).map {
        WindowKeys.Step(noise: noise, unroll: unroll.split(count, at: min($0, count - 1)))
      }
    }
  }

  public init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, in: &workspace)
  }

  public mutating func burnIn(
    _ window: Window<Task>, into totals: inout WindowTotals, in workspace: inout Workspace<Task>
  ) throws {
    try advance(window, into: &totals, in: &workspace)
  }

  /// Advances the trajectories with θ alone.
  private mutating func advance(
    _ window: Window<Task>, into totals: inout WindowTotals,
    in workspace: inout Workspace<Task>
  ) throws {
    let thetas = states.map { _ in window.theta }
    var step = 0
    while step < window.length {
      step += try window.unroll(
        &states, from: step, thetas: thetas, into: &totals, in: &workspace)
    }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    let noises = window.noises(from: window.keys.noise)
    workspace.perturbed.set(theta: window.theta, noises: noises)
    directions.use(noises)
    var pairs = AntitheticPairs<Task>(both: states)
    try pairs.advance(window, from: 0, steps: window.length, into: &sum, in: &workspace)

    // The losses that count are the pairs'.
    var totals = WindowTotals()
    try advance(window, into: &totals, in: &workspace)
    sum.totals.addSteps(of: totals)
  }

  public static func regrouped(_ blocks: [Self], into sizes: [Int]) -> [Self]? {
    Estimators.regrouped(blocks.map(\.states), into: sizes).map(Self.init(states:))
  }

  private init(states: [Task.State]) { self.states = states }

  public func clocks(of task: Task) -> [Int] { states.map { task.stepIndex(of: $0) } }
}
