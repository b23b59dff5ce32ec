import Figures
import Foundation

/// Which losses a map tells apart by their colours: the darkest is the least, by its logarithm.
struct LossRange {
  /// From the least loss that has a colour of its own to the largest; nil where none is positive.
  let scale: Scale?
  /// Whether there are losses below the scale, or above it.
  let hasLess: Bool
  let hasMore: Bool

  /// The least ratio of the scale's ends: with less, no double can tell their labels apart.
  private static let leastRatio = 1 + 1e-5
  /// So far beyond the quartiles a loss is never an outlier.
  private static let leastReach = log(10.0)

  /// A range of these losses but for outliers, those farther beyond the quartiles than 1.5 times
  /// the distance of these (Tukey's fences, of log loss), which would leave the others one colour.
  init(of losses: [Double]) {
    let numbers = losses.filter(\.isFinite)
    let sorted = numbers.filter { $0 >= .leastNormalMagnitude }.sorted()
    guard let least = sorted.first, let most = sorted.last else {
      (scale, hasLess, hasMore) = (nil, false, false)
      return
    }
    func quartile(_ part: Double) -> Double {
      let place = part * Double(sorted.count - 1)
      let (before, after) = (sorted[Int(place)], sorted[Int(place.rounded(.up))])
      return log(before) + (log(after) - log(before)) * (place - floor(place))
    }
    let (first, third) = (quartile(0.25), quartile(0.75))
    let reach = max(1.5 * (third - first), Self.leastReach)
    var lower = log(least) < first - reach ? exp(first - reach) : least
    var upper = log(most) > third + reach ? exp(third + reach) : most
    if upper / lower < Self.leastRatio {
      lower /= Self.leastRatio.squareRoot()
      upper = lower * Self.leastRatio
    }
    scale = Scale(lower, upper, isLogarithmic: true)
    hasLess = numbers.contains { $0 < lower }
    hasMore = numbers.contains { $0 > upper }
  }
}
