/// A gradient that has entries which are infinite or not a number, as chaos gives them.
public struct NonFiniteGradient: Hashable, Sendable, CustomStringConvertible {
  public var iteration: Int
  /// How many entries are not finite, and so were taken as 0.
  public var count: Int
  /// How many entries there are.
  public var size: Int

  public var description: String {
    "iteration \(iteration): \(count) of \(size) gradient entries are not finite; taken as 0"
  }
}
