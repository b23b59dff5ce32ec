public import Unrolls

/// Two trajectories of each particle of a block, unrolled with θ + ε and θ − ε under the same
/// randomness. They take their steps side by side.
public struct AntitheticPairs<Task: UnrolledTask>: Codable, Sendable {
  /// The states of θ + ε, in particle order, then those of θ − ε.
  public private(set) var states: [Task.State]

  /// Both sides of each pair at the same state.
  public init(both states: [Task.State]) { self.states = states + states }

  public init(positives: [Task.State], negatives: [Task.State]) {
    precondition(positives.count == negatives.count, "two sides to each pair")
    states = positives + negatives
  }

  public var count: Int { states.count / 2 }
  /// The states of θ + ε.
  public var positives: ArraySlice<Task.State> { states[..<count] }
  /// The states of θ − ε.
  public var negatives: ArraySlice<Task.State> { states[count...] }

  /// Takes steps with the lane's θ ± ε from `step` on, until the window or an episode ends.
  ///
  /// The sides end together: when one ends early (a diverged simulation that was reset), so does
  /// the other.
  ///
  /// - Returns: The number of steps taken. Their losses are the lane's.
  mutating func advance(
    _ window: Window<Task>, from step: Int, upTo limit: Int = .max, into sum: inout WindowSum,
    lane: inout Lane<Task>
  ) throws -> Int {
    let steps = try window.advance(
      &states, from: step, upTo: limit, thetas: lane.perturbed.sides, lane: &lane)
    sum.add(lane.losses)
    sum.environmentSteps += states.count * steps
    return steps
  }

  /// The steps of the episode that a pair has done.
  func stepIndex(of pair: Int, in task: Task) -> Int { task.stepIndex(of: states[pair]) }

  /// Whether a pair's last step ended an episode.
  func hasEnded(_ pair: Int, in task: Task) -> Bool { stepIndex(of: pair, in: task) == 0 }

  /// The steps that all states stand at, added.
  public func carriedSteps(of task: Task) -> Int {
    states.reduce(0) { $0 + task.stepIndex(of: $1) }
  }
}
