import Foundation
import Records

/// What a run has reached: its last evaluation and its best, by its own table.
package struct RunScores: Sendable {
  /// An evaluation with half the width of its 95 % interval, where it has one.
  package struct Score: Hashable, Sendable {
    package var value: Double
    package var halfWidth: Double?
    package var iteration: Int
  }

  package private(set) var last: Score?
  package private(set) var best: Score?
  /// Whether the run ended by what it met, so that its last evaluation is of before.
  package let hasBroken: Bool

  /// The last evaluation for ranks, medians and means: of a run that has broken the worst that there is. Nil of
  /// one that has none yet.
  package func rankedLast(_ headline: Headline) -> Double? {
    hasBroken ? headline.ranked(.nan) : last.map { headline.ranked($0.value) }
  }

  /// Reads the table; of a run that has none yet, nothing.
  ///
  /// - Throws: `RecordError` for a table that is not understood.
  package init(of run: RunSummary) throws {
    hasBroken = run.state == .failed || run.state == .diverged
    guard let headline = run.headline, run.hasTable else { return }
    let curve = try RunCurve(of: run, tag: headline.tag, over: .iterations)
    let widths = try RunCurve(of: run, tag: headline.tag + "_ci", over: .iterations)
    let halves = Dictionary(widths.points.map { ($0.iteration, $0.y) }) { $1 }
    func score(_ point: RunCurve.Point) -> Score {
      // A single episode has a width of 0, which says nothing.
      Score(
        value: point.y, halfWidth: halves[point.iteration].flatMap { $0 > 0 ? $0 : nil },
        iteration: point.iteration)
    }
    last = curve.points.last.map(score)
    best = curve.points.filter(\.y.isFinite).min { headline.isBetter($0.y, than: $1.y) }.map(score)
  }
}

extension RunSummary {
  /// Whether it has written numbers, be they none yet.
  package var hasTable: Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder.scalarsPath)
    return (attributes?[.size] as? Int ?? 0) > 0
  }
}
