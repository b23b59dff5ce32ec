/// How long processes took for a window of their particles.
package struct Pace: Sendable {
  /// Of each process that has some; the first one's has the noises of the others' in it.
  package var seconds: [Double]
  /// Seconds of the window in which none of them worked.
  package var communication: Double

  package init(seconds: [Double] = [], communication: Double = 0) {
    (self.seconds, self.communication) = (seconds, communication)
  }

  /// The process that took longest, and how often as long as the mean; nil where there is but one.
  package var slowest: Slowest? {
    guard seconds.count > 1, let most = seconds.max(), let rank = seconds.firstIndex(of: most)
    else { return nil }
    let mean = seconds.reduce(0, +) / Double(seconds.count)
    return mean > 0 ? Slowest(rank: rank, ratio: most / mean) : nil
  }

  /// One that the others wait for.
  package struct Slowest: Hashable, Sendable {
    package var rank: Int
    package var ratio: Double
  }

  /// Adds a window to those before, the older the less.
  package mutating func add(_ pace: Pace) {
    if seconds.count != pace.seconds.count { seconds = pace.seconds.map { _ in 0 } }
    for index in seconds.indices { seconds[index] = 0.9 * seconds[index] + pace.seconds[index] }
    communication = 0.9 * communication + pace.communication
  }
}
