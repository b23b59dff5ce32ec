import Figures
import Foundation
import Statistics

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
    let positive = numbers.filter { $0 >= .leastNormalMagnitude }
    guard let least = positive.min(), let most = positive.max() else {
      (scale, hasLess, hasMore) = (nil, false, false)
      return
    }
    let quartiles = Quartiles(of: positive.map { log($0) })
    let (first, third) = (quartiles.first, quartiles.third)
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
