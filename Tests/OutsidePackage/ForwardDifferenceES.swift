public import Estimators
import Randomness
public import Unrolls

/// Evolution strategies by forward differences: each window is run with θ and with θ + ε, from a state
/// that was reached with θ. Biased, as TES is.
public enum ForwardDifferenceES: EstimatorAlgorithm {
  public static let id = "ForwardDifferenceES"
  public static let summary = "ES by the difference of a window with θ + ε and with θ (biased)"
  public static let isStepUnlocked = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<ForwardDifferenceBlock<Task>>(setup)
  }
}

/// A block of it: (L(θ + ε) − L(θ))/σ² ε of each step and particle.
struct ForwardDifferenceBlock<Task: UnrolledTask>: EstimatorBlock {
  typealias Noise = WindowNoise

  /// The trajectory of each particle, advanced with θ.
  private var states: [Task.State]

  static var carriesEpisodes: Bool { true }

  static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    .noisyStart(from: key, burnIn: burnIn, pair: EpisodeNoise.stepKeys)
  }

  static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    .noisyStart(from: key, burnIn: length, pair: EpisodeNoise.stepKeys)
  }

  init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    states = try window.start(at: window.settings.unlockedStart, in: &workspace)
  }

  mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    let noises = window.noises(from: window.keys.noise)
    directions.use(noises)
    // The particles with θ + ε, then with θ.
    var both = states + states
    let thetas =
      noises.map { zip(window.theta, $0).map { $0 + $1 } } + noises.map { _ in window.theta }
    let variance = Float(window.settings.sigma * window.settings.sigma)
    var step = 0
    while step < window.length {
      step += try window.unroll(
        &both, from: step, thetas: thetas, into: &sum.totals, in: &workspace)
      let losses = workspace.losses
      for row in 0..<losses.stepCount {
        sum.add(
          noises.indices.map { (losses[row, $0] - losses[row, noises.count + $0]) / variance })
      }
    }
    states = Array(both[noises.count...])
  }

  func clocks(of task: Task) -> [Int] { states.map { task.stepIndex(of: $0) } }
}
