public import Randomness

/// The keys of one window, shared by all particles.
///
/// Every draw derives from one of these and the particle's index, so results depend neither on
/// the order in which particles run nor on the number of threads.
public struct WindowKeys: Sendable {
  /// Starts trajectories.
  public var start: PRNGKey
  /// Draws the noise that a particle begins with, or keeps for the window (TES, FullES).
  public var noise: PRNGKey
  /// Of each step: draws the noise that begins with it (or, for estimators that redraw at an
  /// episode's end, after it).
  public var noises: [PRNGKey]
  /// Of each step: the transition's randomness.
  public var unrolls: [PRNGKey]

  /// The keys of one step.
  public struct Step: Sendable {
    public var noise: PRNGKey
    public var unroll: PRNGKey

    public init(noise: PRNGKey, unroll: PRNGKey) {
      self.noise = noise
      self.unroll = unroll
    }
  }

  public init(start: PRNGKey, noise: PRNGKey, steps: [Step]) {
    self.start = start
    self.noise = noise
    noises = steps.map(\.noise)
    unrolls = steps.map(\.unroll)
  }

  /// Keys of carried-over trajectories: haiku's sequence from `key`, each step's key made into a
  /// pair by `pair`.
  public static func sequence(
    from key: PRNGKey, length: Int, pair: (PRNGKey) -> Step
  ) -> [Step] {
    var keys = PRNGSequence(key)
    return (0..<length).map { _ in pair(keys.next()) }
  }

  /// Keys of the start of a carried antithetic pair: (start, noise, unrolls) = split(key, 3).
  public static func pairStart(
    from key: PRNGKey, burnIn: Int, pair: (PRNGKey) -> Step
  ) -> WindowKeys {
    let (start, noise, unrolls) = key.split3()
    return WindowKeys(
      start: start, noise: noise, steps: sequence(from: unrolls, length: burnIn, pair: pair))
  }

  /// Keys of a window that goes on with what is carried: it starts nothing, only steps.
  public static func carried(from key: PRNGKey, length: Int, pair: (PRNGKey) -> Step) -> WindowKeys
  {
    WindowKeys(start: key, noise: key, steps: sequence(from: key, length: length, pair: pair))
  }

  /// Keys of fresh episodes: (carry, noise) = split(key), (start, chain) = split(carry), and for
  /// each step (unroll, chain) = split(chain).
  public static func freshEpisodes(from key: PRNGKey, length: Int) -> WindowKeys {
    let (carry, noise) = key.split()
    var (start, chain) = carry.split()
    let steps = (0..<length).map { _ in
      let unroll: PRNGKey
      (unroll, chain) = chain.split()
      return Step(noise: noise, unroll: unroll)
    }
    return WindowKeys(start: start, noise: noise, steps: steps)
  }
}
