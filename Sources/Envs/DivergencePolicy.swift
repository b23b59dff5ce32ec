/// What happens when a simulation leaves the range of numbers it can go on from.
///
/// A simulation diverges when a value of its state or an action is not finite, when MuJoCo warns
/// of bad positions, velocities or accelerations (it would reset by itself and go on), or when
/// contacts or constraints overflow their buffers.
public enum DivergencePolicy: String, Sendable, Codable, CaseIterable {
  /// The step throws ``EnvironmentError/diverged(environment:seed:step:cause:)`` and leaves the
  /// state as it was.
  case fail
  /// The episode ends with a reward of 0 for the step, in the state before it; at the time limit
  /// the next begins.
  case reset
}
