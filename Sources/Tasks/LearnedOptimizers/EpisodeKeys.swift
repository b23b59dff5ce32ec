import Randomness
import Synchronization
import Unrolls

/// Where an episode's draws come from: each particle's own keys, or the same ones in every episode.
final class EpisodeKeys: Sendable {
  /// The keys of one step.
  struct Step {
    var transition: PRNGKey
    var loss: PRNGKey
    var reset: PRNGKey

    init(_ key: PRNGKey) { (transition, loss, reset) = key.split3() }

    /// Draws the training batch: the first of split(split(transition)'s first).
    var training: PRNGKey { transition.split().0.split().0 }
    /// Draws the judging batch.
    var judging: PRNGKey { loss.split().0 }
  }

  /// (initial state, steps) = split(PRNGKey(seed)) of a single sequence.
  private let single: (initial: PRNGKey, steps: PRNGKey)?
  private let horizon: Int
  /// More numbers than this are not kept: 256 MiB.
  private static let mostKept = 1 << 26
  /// Batches of a single sequence, which come again in each episode.
  private let drawn = Mutex<[PRNGKey: [Int32]]>([:])

  init(singleSequenceSeed: UInt64?, horizon: Int) {
    single = singleSequenceSeed.map { PRNGKey(seed: $0).split() }
    self.horizon = horizon
  }

  /// The key of an episode's first state, for a particle whose own is `key`.
  func initial(_ key: PRNGKey) -> PRNGKey { single?.initial ?? key }

  /// The keys of step `index` of an episode.
  func step(_ index: Int, _ key: StepKey) -> Step {
    Step(single.map { $0.steps.split(horizon, at: index) } ?? key.derive())
  }

  /// `count` different numbers below `population`.
  func choice(_ count: Int, from population: Int, key: PRNGKey) -> [Int32] {
    guard single != nil else { return key.choice(count, from: population) }
    if let known = drawn.withLock({ $0[key] }) { return known }
    let indices = key.choice(count, from: population)
    drawn.withLock { if $0.count * count < Self.mostKept { $0[key] = indices } }
    return indices
  }
}
