package import Parameters
public import Unrolls

extension Policy {
  /// Where θ has the statistics of the observations that training has met.
  struct Statistics: Hashable, Sendable {
    var means: Range<Int>
    var deviations: Range<Int>
    /// How many observations they are of.
    var count: Int
  }

  /// The leaves of the statistics, which come after all others; no noise and no optimizer moves them.
  static func statisticsLeaves(observationCount: Int) -> [ParameterLeaf] {
    [
      ParameterLeaf(name: "observations/count", shape: [1], isTrained: false),
      ParameterLeaf(name: "observations/deviation", shape: [observationCount], isTrained: false),
      ParameterLeaf(name: "observations/mean", shape: [observationCount], isTrained: false),
    ]
  }

  /// The place of the statistics in θ of a layout; nil if it has none.
  static func statistics(in layout: ParameterLayout) -> Statistics? {
    guard let count = layout.range(of: "observations/count"), count.count == 1,
      let deviations = layout.range(of: "observations/deviation"),
      let means = layout.range(of: "observations/mean"), means.count == deviations.count
    else { return nil }
    return Statistics(means: means, deviations: deviations, count: count.lowerBound)
  }

  /// What θ's statistics say of the observations that training has met; nothing without them.
  public func moments(of theta: [Float]) -> Moments {
    guard let statistics else { return Moments() }
    return Moments(
      count: Int(exactly: theta[statistics.count].rounded()) ?? 0,
      means: theta[statistics.means].map { Double($0) },
      deviations: theta[statistics.deviations].map { Double($0) })
  }

  /// Sets θ's statistics to those of the observations that were met, if it has any and any was met.
  public func use(_ moments: Moments, in theta: inout [Float]) {
    guard let statistics, moments.count > 0 else { return }
    for (index, mean) in zip(statistics.means, moments.means) { theta[index] = Float(mean) }
    for (index, deviation) in zip(statistics.deviations, moments.deviations) {
      theta[index] = Float(deviation)
    }
    theta[statistics.count] = Float(moments.count)
  }

  /// What is wrong with the statistics of a θ that came from a file; nil for nothing.
  package static func flaw(inStatisticsOf theta: [Float], layout: ParameterLayout) -> String? {
    guard let statistics = statistics(in: layout) else { return nil }
    if let index = statistics.deviations.first(where: { !(theta[$0] > 0) }) {
      return "\(layout.valueName(index)) is \(theta[index]): a deviation must be greater than 0"
    }
    if !(theta[statistics.count] >= 0) {
      return "\(layout.valueName(statistics.count)) is \(theta[statistics.count]): "
        + "it must not be negative"
    }
    return nil
  }
}

extension ParameterLayout {
  /// The same without the statistics of observations.
  package var withoutStatistics: ParameterLayout {
    ParameterLayout(leaves.filter { !$0.name.hasPrefix("observations/") })
  }

  /// Whether θ has the statistics of observations.
  package var hasStatistics: Bool { Policy.statistics(in: self) != nil }
}
