public import Randomness
public import Unrolls

/// The keys of one window of an estimator that differentiates, shared by all particles; those of
/// steps are derived when they are asked for.
public struct DerivativeKeys: Sendable {
  /// Starts trajectories.
  public let start: PRNGKey
  /// Draws what a particle begins with.
  public let noise: PRNGKey
  public let steps: Deferred<[WindowKeys.Step]>

  public init(
    start: PRNGKey, noise: PRNGKey, steps: @escaping @Sendable () -> [WindowKeys.Step]
  ) {
    self.start = start
    self.noise = noise
    self.steps = Deferred(steps)
  }

  /// The transitions' keys.
  func unrolls(particleCount: Int) -> StepKeys {
    StepKeys(
      shared: Deferred { [steps] in steps.value.map(\.unroll) }, particleCount: particleCount)
  }

  /// Keys of a start with directions: (start, noise, unrolls) = split(key, 3), a pair a step of
  /// haiku's sequence from the last.
  static func directionalStart(
    from key: PRNGKey, burnIn: Int, pair: @escaping @Sendable (PRNGKey) -> WindowKeys.Step
  ) -> DerivativeKeys {
    let (start, noise, unrolls) = key.split3()
    return DerivativeKeys(start: start, noise: noise) {
      WindowKeys.sequence(from: unrolls, length: burnIn, pair: pair)
    }
  }

  /// Keys of a start without draws: (start, unrolls) = split(key).
  static func plainStart(
    from key: PRNGKey, burnIn: Int, pair: @escaping @Sendable (PRNGKey) -> WindowKeys.Step
  ) -> DerivativeKeys {
    let (start, unrolls) = key.split()
    return DerivativeKeys(start: start, noise: start) {
      WindowKeys.sequence(from: unrolls, length: burnIn, pair: pair)
    }
  }

  /// Keys of a window that goes on with what is carried: haiku's sequence.
  static func carried(
    from key: PRNGKey, length: Int, pair: @escaping @Sendable (PRNGKey) -> WindowKeys.Step
  ) -> DerivativeKeys {
    DerivativeKeys(start: key, noise: key) {
      WindowKeys.sequence(from: key, length: length, pair: pair)
    }
  }

  /// Keys of fresh episodes: (start, chain) = split(key), and for each step
  /// (unroll, chain) = split(chain).
  static func freshEpisodes(from key: PRNGKey, length: Int) -> DerivativeKeys {
    let (start, first) = key.split()
    return DerivativeKeys(start: start, noise: start) {
      var chain = first
      return (0..<length).map { _ in
        let unroll: PRNGKey
        (unroll, chain) = chain.split()
        return WindowKeys.Step(noise: unroll, unroll: unroll)
      }
    }
  }
}
