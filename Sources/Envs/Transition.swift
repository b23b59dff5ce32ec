/// One environment step, as its outcome depends on it.
public struct Transition<Number> {
  public let before: StateView<Number>
  public let after: StateView<Number>
  /// The action as given, not as clamped, widened to double precision.
  public let action: StateRow<Number>
  /// ‖a‖², taken and summed in the precision that the action was given in.
  public let squaredAction: Number
  /// Simulated seconds between the two states.
  public let duration: Double

  package init(
    from before: StateView<Number>, to after: StateView<Number>, action: StateRow<Number>,
    squaredAction: Number, duration: Double
  ) {
    self.before = before
    self.after = after
    self.action = action
    self.squaredAction = squaredAction
    self.duration = duration
  }
}
