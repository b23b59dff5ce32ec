public import Settings

/// Positions or velocities that are to lie in a range.
public struct StateRange: Sendable, Hashable {
  public enum Values: Sendable, Hashable {
    case positions(Range<Int>)
    case velocities(Range<Int>)
    /// All velocities, and the positions from this one on.
    case all(fromPosition: Int)
  }

  /// What it is called as a setting; nil where it cannot be set.
  public var name: String?
  public var values: Values
  public var bounds: Bounds
  /// Whether the ends belong to the range. Numbers that are not finite never do.
  public var includesEnds: Bool

  public init(
    named name: String? = nil, _ values: Values, from lower: Double, to upper: Double,
    includesEnds: Bool = false
  ) {
    self.name = name
    self.values = values
    self.bounds = Bounds(lower, upper)
    self.includesEnds = includesEnds
  }

  /// Whether all of `ranges` hold.
  static func contain<Number: LaneNumber>(
    _ state: StateView<Number>, all ranges: [StateRange]
  ) -> Number.Mask {
    var isInside = Number.Mask(true)
    for range in ranges {
      switch range.values {
      case .positions(let indices):
        isInside = isInside.and(range.contains(state.qpos, indices))
      case .velocities(let indices):
        isInside = isInside.and(range.contains(state.qvel, indices))
      case .all(let first):
        isInside = isInside.and(range.contains(state.qpos, first..<state.qpos.count))
          .and(range.contains(state.qvel, 0..<state.qvel.count))
      }
    }
    return isInside
  }

  private func contains<Number: LaneNumber>(
    _ row: StateRow<Number>, _ indices: Range<Int>
  ) -> Number.Mask {
    var isInside = Number.Mask(true)
    let (lower, upper) = (Number(bounds.lower), Number(bounds.upper))
    for index in indices {
      let value = row[index]
      isInside = isInside.and(
        includesEnds
          ? lower.isLessThanOrEqualTo(value).and(value.isLessThanOrEqualTo(upper))
          : lower.isLess(than: value).and(value.isLess(than: upper)))
    }
    return isInside
  }
}
