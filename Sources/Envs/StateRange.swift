/// Positions or velocities that are to lie in a range.
public struct StateRange: Sendable, Hashable {
  public enum Values: Sendable, Hashable {
    case positions(Range<Int>)
    case velocities(Range<Int>)
  }

  public var values: Values
  public var lower, upper: Double
  /// Whether the ends belong to the range. Numbers that are not finite never do.
  public var includesEnds: Bool

  public init(_ values: Values, from lower: Double, to upper: Double, includesEnds: Bool = false) {
    self.values = values
    self.lower = lower
    self.upper = upper
    self.includesEnds = includesEnds
  }

  /// Whether all of `ranges` hold.
  static func contain<Number: LaneNumber>(
    _ state: StateView<Number>, all ranges: [StateRange]
  ) -> Number.Mask {
    var isInside = Number.Mask(true)
    for range in ranges {
      let (row, indices) =
        switch range.values {
        case .positions(let indices): (state.qpos, indices)
        case .velocities(let indices): (state.qvel, indices)
        }
      let (lower, upper) = (Number(range.lower), Number(range.upper))
      for index in indices {
        let value = row[index]
        isInside = isInside.and(
          range.includesEnds
            ? lower.isLessThanOrEqualTo(value).and(value.isLessThanOrEqualTo(upper))
            : lower.isLess(than: value).and(value.isLess(than: upper)))
      }
    }
    return isInside
  }
}
