/// What an environment says of a step.
public struct Outcome<Number: LaneNumber> {
  public typealias Terms = InlineArray<8, Number>
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
