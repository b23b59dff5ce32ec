/// The iterations of a run that a person steps through, and which one is looked at.
struct Playlist {
  /// Iterations of the run, in the order they are played; never empty.
  let iterations: [Int]
  /// Whether an iteration's end leads to the next iteration, not to its own next episode.
  let movesOn: Bool
  private var index: Int

  /// The chosen iterations, one after another.
  ///
  /// - Precondition: There is one.
  init(of chosen: [Int]) {
    precondition(!chosen.isEmpty, "an iteration to play")
    iterations = chosen
    movesOn = true
    index = 0
  }

  /// One iteration for as long as a person likes, among all those that the arrow keys reach.
  ///
  /// - Precondition: It is one of them.
  init(of iteration: Int, among all: [Int]) {
    guard let index = all.firstIndex(of: iteration) else {
      preconditionFailure("an iteration of the run")
    }
    iterations = all
    movesOn = false
    self.index = index
  }

  var current: Int { iterations[index] }

  var isAtEnd: Bool { index == iterations.count - 1 }

  /// Goes forth or back, not beyond the ends; false where it cannot.
  mutating func move(by count: Int) -> Bool {
    guard iterations.indices.contains(index + count) else { return false }
    index += count
    return true
  }
}
