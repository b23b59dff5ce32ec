public import Unrolls

/// Two trajectories of one particle, unrolled with θ + ε and θ − ε under the same randomness.
public struct AntitheticPair<Task: UnrolledTask>: Codable, Sendable {
  public var positive: Task.State
  public var negative: Task.State

  /// Both sides at the same state.
  public init(both state: Task.State) {
    positive = state
    negative = state
  }

  public init(positive: Task.State, negative: Task.State) {
    self.positive = positive
    self.negative = negative
  }

  /// One step of both sides with the lane's θ ± ε.
  ///
  /// The sides end together: when one ends early (a diverged simulation that was reset), so does
  /// the other.
  public mutating func advance(
    _ window: Window<Task>, step: Int, into sum: inout WindowSum, lane: inout Lane<Task>
  ) throws -> AntitheticOutcome {
    let key = window.stepKey(step)
    let above = try window.task.advance(
      &positive, theta: lane.perturbed.positive, key: key, in: &lane.scratch)
    let below = try window.task.advance(
      &negative, theta: lane.perturbed.negative, key: key, in: &lane.scratch)
    sum.positiveLoss += Double(above.loss)
    sum.negativeLoss += Double(below.loss)
    sum.environmentSteps += 2
    if above.isDone != below.isDone {
      if below.isDone {
        try window.task.endEpisode(&positive, in: &lane.scratch)
      } else {
        try window.task.endEpisode(&negative, in: &lane.scratch)
      }
    }
    return AntitheticOutcome(
      positiveLoss: above.loss, negativeLoss: below.loss, isDone: above.isDone || below.isDone)
  }

  /// The steps the two sides stand at, added.
  public func carriedSteps(of task: Task) -> Int {
    task.stepIndex(of: positive) + task.stepIndex(of: negative)
  }
}

/// What one step of a pair gave.
public struct AntitheticOutcome: Sendable {
  public var positiveLoss: Float
  public var negativeLoss: Float
  /// Whether the episode ended with this step.
  public var isDone: Bool

  /// L⁺ − L⁻.
  public var difference: Float { positiveLoss - negativeLoss }
}

extension EstimatorSettings {
  /// (L⁺ − L⁻) / (2σ²), the weight of an antithetic pair's noise.
  public func multiplier(of difference: Float) -> Float { difference / Float(2 * sigma * sigma) }

  /// Where the trajectories of a step-unlocked estimator begin.
  public var unlockedStart: EpisodeStart {
    startsAtRandomSteps ? .random(windowLength: windowLength) : .beginning
  }
}
