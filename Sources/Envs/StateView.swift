/// Numbers in a row. Valid during the call that they are given to, not longer.
public struct StateRow<Number> {
  @usableFromInline let start: UnsafePointer<Number>?
  public let count: Int

  package init(_ start: UnsafePointer<Number>?, count: Int) {
    self.start = start
    self.count = count
  }

  @inlinable
  public subscript(index: Int) -> Number {
    guard let start, index >= 0, index < count else { preconditionFailure("no such number") }
    return start[index]
  }
}

/// A state as an environment sees it. Valid during the call that it is given to, not longer.
public struct StateView<Number> {
  /// Positions (nq values).
  public let qpos: StateRow<Number>
  /// Velocities (nv values).
  public let qvel: StateRow<Number>
  /// What the model computed, one declared quantity after the other: see
  /// ``EnvironmentSpec/quantities``.
  public let computed: StateRow<Number>

  package init(
    qpos: StateRow<Number>, qvel: StateRow<Number>, computed: StateRow<Number>
  ) {
    self.qpos = qpos
    self.qvel = qvel
    self.computed = computed
  }
}

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

/// What an environment says of a step.
public struct Outcome<Number: LaneNumber> {
  public typealias Terms = InlineArray<4, Number>
  public typealias Infos = InlineArray<10, Number>

  /// The parts of the reward, in the order of ``EnvironmentSpec/rewardNames``; 0 beyond them.
  public var rewardTerms = Terms(repeating: Number(0))
  /// In the order of ``EnvironmentSpec/infoNames``; 0 beyond them.
  public var infos = Infos(repeating: Number(0))
  /// The sum of the terms, in the order in which the environment adds them.
  public var reward = Number(0)
  /// Whether the robot's episode ended with this step: it fell, say.
  public var isTerminated = Number.Mask(false)

  @inlinable
  public init() {}
}
