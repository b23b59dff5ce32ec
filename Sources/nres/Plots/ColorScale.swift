import Foundation

/// Which loss has which colour: the darkest the least, by its logarithm.
struct ColorScale {
  /// The losses that get different colours; nil where none is positive.
  let axis: Axis?
  /// Whether there are losses below the axis, or above it; they have the colour of its end.
  let hasLess: Bool
  let hasMore: Bool
  /// Whether there is a number at all.
  let hasNumbers: Bool

  /// The least ratio of the axis's ends: with less, no double can tell their labels apart.
  private static let leastRatio = 1 + 1e-5
  /// So far beyond the quartiles a loss is never an outlier.
  private static let leastReach = log(10.0)

  /// A scale of these losses but for outliers, those farther beyond the quartiles than 1.5 times
  /// the distance of these (Tukey's fences, of log loss), which would leave the others one colour.
  init(of losses: [Double]) {
    let numbers = losses.filter(\.isFinite)
    hasNumbers = !numbers.isEmpty
    let sorted = numbers.filter { $0 >= .leastNormalMagnitude }.sorted()
    guard let least = sorted.first, let most = sorted.last else {
      (axis, hasLess, hasMore) = (nil, false, false)
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
    axis = Axis(lower, upper, isLogarithmic: true)
    hasLess = numbers.contains { $0 < lower }
    hasMore = numbers.contains { $0 > upper }
  }

  /// Grey where there is no number to show.
  func color(of loss: Double) -> Color {
    guard loss.isFinite else { return .grey }
    guard let axis, loss > axis.lower else { return ColorMap.color(at: 0) }
    return ColorMap.color(at: axis.position(of: loss))
  }

  /// What to write beside the scale, and where: 0 at its lower end, 1 at its upper.
  ///
  /// - Parameter distance: Of two labels at least, so that none covers another.
  func labels(distance: Double) -> [(text: String, position: Double)] {
    guard let axis else { return [("0", 0.5)] }
    var labels: [(text: String, position: Double)] = []
    if hasLess { labels.append((String(format: "≤ %.3g", axis.lower), 0)) }
    if hasMore { labels.append((String(format: "≥ %.3g", axis.upper), 1)) }
    let ends = labels
    for tick in axis.ticks {
      let position = axis.position(of: tick.value)
      if ends.allSatisfy({ abs($0.position - position) >= distance }) {
        labels.append((tick.label, position))
      }
    }
    return labels
  }
}
