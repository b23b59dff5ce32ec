/// What follows where an episode ends before the time limit.
public enum EarlyEnd: Sendable, Hashable {
  /// The next episode at once, as in Gymnasium's vector environments.
  case restarts
  /// Nothing until the time limit: the state stays, steps count, rewards are 0. This is what
  /// training does, where all episodes keep the clock of the unrolled graph.
  case isAbsorbing
}
