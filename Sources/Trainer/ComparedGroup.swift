import Statistics

/// What is said of a group of runs: middles of their scores, and how they compare with another group's
/// (Agarwal et al. 2021).
package struct ComparedGroup: Encodable, Sendable {
  package private(set) var name: String
  package private(set) var runs: Int
  package private(set) var median: Double
  package private(set) var mean: Double
  package private(set) var meanInterval: [Double]?
  package private(set) var interquartileMean: Double
  /// Better than the first group by so much; nil of the first group itself.
  package private(set) var improvement: Double?
  package private(set) var improvementInterval: [Double]?
  package private(set) var probabilityOfImprovement: Double?
  package private(set) var probabilityInterval: [Double]?

  private enum CodingKeys: String, CodingKey {
    case name, runs, median, mean
    case meanInterval = "mean_interval"
    case interquartileMean = "interquartile_mean"
    case improvement
    case improvementInterval = "improvement_interval"
    case probabilityOfImprovement = "probability_of_improvement"
    case probabilityInterval = "probability_interval"
  }

  /// - Parameter first: The group that it is compared with; nil of that one itself.
  package init(_ group: ComparedRuns, with first: ComparedRuns?, _ headline: Headline) {
    let scores = group.scores
    let bootstrap = Bootstrap()
    name = group.name
    runs = scores.count
    median = Statistics.median(scores)
    mean = Statistics.mean(scores)
    interquartileMean = Statistics.interquartileMean(scores)
    func ends(_ range: ClosedRange<Double>?) -> [Double]? {
      range.map { [$0.lowerBound, $0.upperBound] }
    }
    meanInterval = ends(bootstrap.interval(of: [scores]) { Statistics.mean($0[0]) })
    guard let first else { return }
    // What is better is larger.
    let sign = headline.isHigherBetter ? 1.0 : -1.0
    let both = [scores, first.scores].map { $0.map { sign * $0 } }
    func difference(_ groups: [[Double]]) -> Double {
      Statistics.mean(groups[0]) - Statistics.mean(groups[1])
    }
    func probability(_ groups: [[Double]]) -> Double {
      Statistics.probabilityOfImprovement(groups[0], over: groups[1])
    }
    let distance = difference(both)
    // Of two groups with runs that have broken there is none.
    improvement = distance.isNaN ? nil : distance
    improvementInterval = ends(bootstrap.interval(of: both, difference))
    // Of two runs it says no more than which is better.
    guard both.contains(where: { $0.count > 1 }) else { return }
    probabilityOfImprovement = probability(both)
    probabilityInterval = ends(bootstrap.interval(of: both, probability))
  }
}
