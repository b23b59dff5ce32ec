public import Envs

/// A point in simulated time: a state, or a place between it and the next.
///
/// Simulations take a step every few hundredths of a second; pictures between two steps make a
/// motion smooth.
public struct Moment: Sendable {
  public var state: EnvironmentState
  /// The state a step later, of the same episode.
  public var next: EnvironmentState
  /// How far from `state` (0) to `next` (1).
  public var fraction: Double

  public init(_ state: EnvironmentState, toward next: EnvironmentState, fraction: Double) {
    self.state = state
    self.next = next
    self.fraction = fraction
  }

  /// Exactly at a state.
  public init(_ state: EnvironmentState) { self.init(state, toward: state, fraction: 0) }
}
