public import Randomness

/// A simulation in progress, as a value: copy it, compare it, write it to disk, go on with it.
///
/// It holds all that the future depends on: continued in any scratch of the same model, on any
/// thread, it gives the same numbers.
public struct EnvironmentState: Sendable, Codable, Equatable {
  /// MuJoCo's time (1), qpos (nq), qvel (nv), act (na), qacc_warmstart (nv) and the quantities that
  /// the environment declares, in this order.
  public var physics: [Double]
  /// Draws the start of each further episode.
  public var generator: PCG64
  /// The seed of the generator.
  public var seed: UInt32
  /// Environment steps since the episode began, absorbed ones included.
  public var step: Int
  /// Whether the episode ended before the time limit. Until then steps only count: nothing is
  /// simulated or drawn, and the reward is 0.
  public var hasEnded = false
}
