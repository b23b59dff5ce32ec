/// A gradient that has entries which are infinite or not a number, as chaos gives them.
package struct NonFiniteGradient: Hashable, Sendable, CustomStringConvertible {
  package var iteration: Int
  /// How many entries are not finite, and so were taken as 0.
  package var count: Int
  /// How many entries there are.
  package var size: Int

  package var description: String {
    "iteration \(iteration): \(count) of \(size) gradient entries are not finite; taken as 0"
  }
}
