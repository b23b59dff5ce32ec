public import Randomness
import Unrolls

/// The keys of one window, shared by all particles; those of steps are derived when they are asked
/// for.
///
/// Every draw derives from one of these and the particle's index, so results depend neither on
/// the order in which particles run nor on the number of threads.
public struct WindowKeys: Sendable {
  /// Starts trajectories.
  public let start: PRNGKey
  /// Draws the noise that a particle begins with, or keeps for the window (TES, FullES).
  public let noise: PRNGKey
  private let steps: Deferred<(noises: [PRNGKey], unrolls: [PRNGKey])>

  /// The keys of one step.
  public struct Step: Sendable {
    public var noise: PRNGKey
    public var unroll: PRNGKey

    public init(noise: PRNGKey, unroll: PRNGKey) {
      self.noise = noise
      self.unroll = unroll
    }
  }

  /// - Parameter steps: Makes the keys of every step, once.
  public init(start: PRNGKey, noise: PRNGKey, steps: @escaping @Sendable () -> [Step]) {
    self.start = start
    self.noise = noise
    self.steps = Deferred {
      let steps = steps()
      return (steps.map(\.noise), steps.map(\.unroll))
    }
  }

  /// Of each step: draws the noise that begins with it (or, for estimators that redraw at an
  /// episode's end, after it).
  public var noises: [PRNGKey] { steps.value.noises }
  /// Of each step: the transition's randomness.
  public var unrolls: [PRNGKey] { steps.value.unrolls }

  /// A step's key made into two.
  public typealias Pair = @Sendable (PRNGKey) -> Step

  /// Keys of steps: haiku's sequence from `key`, each step's key made into a pair by `pair`.
  public static func sequence(from key: PRNGKey, length: Int, pair: Pair) -> [Step] {
    var keys = PRNGSequence(key)
    return (0..<length).map { _ in pair(keys.next()) }
  }

  /// Keys of the start of trajectories with noise: (start, noise, unrolls) = split(key, 3).
  public static func noisyStart(
    from key: PRNGKey, burnIn: Int, pair: @escaping Pair
  ) -> WindowKeys {
    let (start, noise, unrolls) = key.split3()
    return WindowKeys(start: start, noise: noise) {
      sequence(from: unrolls, length: burnIn, pair: pair)
    }
  }

  /// Keys of the start of trajectories without noise: (start, unrolls) = split(key).
  public static func plainStart(
    from key: PRNGKey, burnIn: Int, pair: @escaping Pair
  ) -> WindowKeys {
    let (start, unrolls) = key.split()
    return WindowKeys(start: start, noise: start) {
      sequence(from: unrolls, length: burnIn, pair: pair)
    }
  }

  /// Keys of a window that goes on with what is carried: it starts nothing, only steps.
  public static func carried(
    from key: PRNGKey, length: Int, pair: @escaping Pair
  ) -> WindowKeys {
    WindowKeys(start: key, noise: key) { sequence(from: key, length: length, pair: pair) }
  }

  /// Keys of fresh episodes: (start, chain) = split(key), and for each step
  /// (unroll, chain) = split(chain).
  ///
  /// - Parameter noise: The noise's key; nothing is drawn from it if nil.
  public static func freshEpisodes(
    from key: PRNGKey, length: Int, noise: PRNGKey? = nil
  ) -> WindowKeys {
    let (start, first) = key.split()
    return WindowKeys(start: start, noise: noise ?? start) {
      var chain = first
      return (0..<length).map { _ in
        let unroll: PRNGKey
        (unroll, chain) = chain.split()
        return Step(noise: noise ?? unroll, unroll: unroll)
      }
    }
  }

  /// Keys of fresh episodes with noise: (episodes, noise) = split(key).
  public static func noisyEpisodes(from key: PRNGKey, length: Int) -> WindowKeys {
    let (episodes, noise) = key.split()
    return .freshEpisodes(from: episodes, length: length, noise: noise)
  }

  /// The keys of a block whose windows begin with fresh episodes, before the first of them: nothing
  /// is started and no step taken.
  public static func unused(_ key: PRNGKey) -> WindowKeys {
    WindowKeys(start: key, noise: key) { [] }
  }
}
