/// Where a run stands.
package enum RunState: String, Codable, Hashable, Sendable, CaseIterable {
  /// It works.
  case running
  /// All was done, or its evaluations have ended it.
  case finished
  /// A signal or a limit of time has ended it: it can go on.
  case stopped
  /// It ended with a loss, θ or evaluation that was not finite.
  case diverged
  /// An error has ended it.
  case failed
  /// Its process ended without a word.
  case killed
  /// It works on another host, from which nothing was heard for a while.
  case silent
  /// What its folder says of it is not understood.
  case unreadable

  /// Whether a process may be writing to the folder.
  package var mayBeAlive: Bool { self == .running || self == .silent }
}
