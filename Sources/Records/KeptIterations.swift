/// The iterations of a run whose θ is kept: 0, n, 2n, … and the last, as far as they are there.
package struct KeptIterations: RandomAccessCollection, Hashable, Sendable {
  /// n.
  package let every: Int
  /// The run's last iteration, kept even where it is no multiple of n.
  package let final: Int
  /// How many are there.
  package let count: Int
  /// How many there are once the run has ended.
  private let wholeCount: Int

  /// Those of a whole run.
  package init(every: Int = 1, final: Int) {
    precondition(every > 0 && final >= 0 && final < .max, "iterations that can be counted")
    (self.every, self.final) = (every, final)
    wholeCount = final / every + (final.isMultiple(of: every) ? 1 : 2)
    count = wholeCount
  }

  private init(_ run: KeptIterations, count: Int) {
    precondition((0...run.wholeCount).contains(count), "no more iterations than the run has")
    (every, final, wholeCount, self.count) = (run.every, run.final, run.wholeCount, count)
  }

  /// As they are while the first `count` are there.
  package func first(_ count: Int) -> KeptIterations { KeptIterations(self, count: count) }

  /// As they are when the run has done `iteration`; none before iteration 0.
  package func through(_ iteration: Int) -> KeptIterations {
    if iteration < 0 { return first(0) }
    return first(iteration >= final ? wholeCount : iteration / every + 1)
  }

  /// As many iterations from 0 on.
  package static func all(_ count: Int) -> KeptIterations {
    KeptIterations(final: Swift.max(count - 1, 0)).first(count)
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  /// The iteration in row `row`.
  package subscript(row: Int) -> Int {
    precondition((0..<count).contains(row), "a row that is there")
    return iteration(ofRow: row)
  }

  private func iteration(ofRow row: Int) -> Int { row == wholeCount - 1 ? final : row * every }

  /// The row that θ of `iteration` is in; nil if it is not there.
  package func row(of iteration: Int) -> Int? {
    guard iteration >= 0, count > 0, iteration <= self[count - 1] else { return nil }
    let row = iteration / every + (iteration.isMultiple(of: every) ? 0 : 1)
    return self[row] == iteration ? row : nil
  }

  package func contains(_ iteration: Int) -> Bool { row(of: iteration) != nil }

  /// Of an iteration that is not there: the last before it and the first after it that are.
  package func neighbors(of iteration: Int) -> [Int] {
    guard count > 0 else { return [] }
    guard iteration >= 0 else { return [0] }
    guard iteration <= self[count - 1] else { return [self[count - 1]] }
    let before = (iteration - 1) / every
    return [self[before], self[before + 1]]
  }

  /// Which they are, in a few words: `0 to 25`, `0, 10, 20, …, 95`.
  package var summary: String {
    guard every > 1 || count < 2 else { return "0 to \(count - 1)" }
    guard count > 4 else { return map(String.init).joined(separator: ", ") }
    return "0, \(every), \(2 * every), …, \(self[count - 1])"
  }

  /// What to choose in place of `iteration`, which is not there: `10 or 20` where it is between
  /// two, else all.
  package func choices(insteadOf iteration: Int) -> String {
    let neighbors = neighbors(of: iteration)
    return neighbors.count == 2 && every > 1
      ? neighbors.map(String.init).joined(separator: " or ") : summary
  }
}
