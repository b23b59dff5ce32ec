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

extension StateRow where Number: LaneNumber {
  /// The distance of two points, of which the first coordinates have these indices: squares are added
  /// from left to right, as Gymnasium's have it.
  @inlinable
  public func distance(from first: Int, to second: Int) -> Number {
    let (x, y, z) = (
      self[first] - self[second], self[first + 1] - self[second + 1],
      self[first + 2] - self[second + 2]
    )
    return (x * x + y * y + z * z).squareRoot()
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
