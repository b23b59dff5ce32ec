import Foundation
import Settings
import Tasks
import Trainer

/// Where the loss is computed: what the flags say, or the system's own places.
extension LossSurfaceCommand {
  /// The least length of the grid's ranges: θ is float32, whose numbers below 80 are up to 7.6e-6
  /// apart.
  private static let leastRange = 1e-5

  func grid(_ map: LossMap) throws -> (xs: [Double], ys: [Double]) {
    let count = try inRange(points ?? 200, "points", 2...2000)
    func values(_ index: Int) throws -> [Double] {
      let flag = map.axisFlags[index]
      guard let text = axes.given[flag] else {
        return spaced(map.ranges[index].lowerBound, map.ranges[index].upperBound, count: count)
      }
      guard let (lower, upper) = pair(text, in: map.limits), lower < upper else {
        throw SettingsError(
          "--\(flag) is '\(text)': give two numbers \(between(map.limits)), the smaller first, "
            + "2,3.5")
      }
      // 3,3.00001 is a little less in binary.
      guard upper - lower >= Self.leastRange * 0.999 else {
        throw SettingsError(
          "--\(flag) is '\(text)': θ is float32, give numbers at least 0.00001 apart, 2,3.5")
      }
      return spaced(lower, upper, count: count)
    }
    return (try values(0), try values(1))
  }

  func ends(_ map: LossMap) throws -> (from: Place, to: Place) {
    func place(_ text: String, _ flag: String) throws -> Place {
      guard let (x, y) = pair(text, in: map.limits) else {
        throw SettingsError(
          "\(flag) is '\(text)': give \(map.labels.joined(separator: " and ")), two numbers "
            + "\(between(map.limits)), 3.1,3.7")
      }
      return Place(x: x, y: y)
    }
    return (
      try from.map { try place($0, "--from") } ?? Place(map.start),
      try to.map { try place($0, "--to") } ?? Place(map.truth)
    )
  }

  /// Two numbers between a comma.
  private func pair(_ text: String, in limits: ClosedRange<Double>) -> (Double, Double)? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == 2, let first = numbers[0], let second = numbers[1],
      limits.contains(first), limits.contains(second)
    else { return nil }
    return (first, second)
  }

  private func between(_ limits: ClosedRange<Double>) -> String {
    "between \(shortest(limits.lowerBound)) and \(shortest(limits.upperBound))"
  }
}
