import Foundation
import Records
import Trainer

/// Shows how far a sweep is: how many runs are done, and a line for each that is at work.
final class SweepBoard {
  private let sweep: Sweep
  private let path: String
  private let board = ProgressBoard()
  private var points: [Sweep.Point] = []
  private var limit: Int?
  private var round: (number: Int, of: Int)?
  /// Those that need not be looked at any more.
  private var done: Set<String> = []
  private var lastLooked: ContinuousClock.Instant?

  init(_ sweep: Sweep, in path: String) { (self.sweep, self.path) = (sweep, path) }

  /// Begins with some runs, which go on until iteration `limit` or, for nil, to their ends.
  func begin(_ points: [Sweep.Point], until limit: Int?, round: (Int, Int)?) {
    (self.points, self.limit, self.round) = (points, limit, round)
    (done, lastLooked) = ([], nil)
  }

  func note(_ line: String) { board.note(line) }

  func finish() { board.finish() }

  func show() {
    // Many files are read for it.
    let now = ContinuousClock.now
    if let lastLooked, now - lastLooked < .milliseconds(300) { return }
    lastLooked = now
    var working: [(place: String, line: String)] = []
    for point in points where !done.contains(point.place) {
      guard let run = sweep.summary(of: point, in: path), let status = run.status else { continue }
      switch run.state {
      case .running:
        if let headline = run.headline, let progress = run.progress {
          working.append((point.place, progress.line(headline, columns: .max)))
        }
      case .finished, .diverged:
        if (limit ?? 0) <= status.iteration || run.state == .diverged { done.insert(point.place) }
      default: break
      }
    }
    let rung = round.map { "round \($0.number) of \($0.of), " } ?? ""
    let length = limit.map { " until iteration \($0)" } ?? ""
    let first = "\(rung)\(done.count) of \(points.count) runs done\(length)"
    let width = working.map(\.place.count).max() ?? 0
    board.show { _, rows in
      if rows == 1 {
        return [([first] + working.map { "\($0.place): \($0.line)" }).joined(separator: "   ")]
      }
      return [first]
        + working.map {
          "  " + $0.place.padding(toLength: width, withPad: " ", startingAt: 0) + "   " + $0.line
        }
    }
  }
}
