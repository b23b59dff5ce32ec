public import Envs

/// An episode kept state by state, to be looked at.
public struct EpisodeRecording: Sendable {
  /// The seed of the environment's reset.
  public let seed: UInt32
  /// Seconds of one step.
  public let stepDuration: Double
  /// The state before each step, the reset's first.
  public private(set) var states: [EnvironmentState] = []
  /// The reward so far, before each step and after the last: one more value than states.
  public private(set) var returns: [Double] = [0]

  /// How the episode ended; nil where recording stopped before.
  public private(set) var end: End?

  /// How an episode ends: by the environment's own rule, at the time limit, or because the
  /// simulation cannot go on.
  public enum End: String, Sendable {
    case terminated, truncated, diverged

    init?(of result: StepResult) {
      guard result.hasEnded else { return nil }
      self = result.isTerminated ? .terminated : result.hasDiverged ? .diverged : .truncated
    }
  }

  /// The reward of the whole episode.
  public var reward: Double { returns[states.count] }
  /// Seconds from the reset to the end of the last step.
  public var duration: Double { Double(states.count) * stepDuration }

  fileprivate init(seed: UInt32, stepDuration: Double) {
    self.seed = seed
    self.stepDuration = stepDuration
  }

  fileprivate mutating func append(_ state: EnvironmentState, _ result: StepResult) {
    returns.append(returns[states.count] + result.reward)
    states.append(state)
    end = End(of: result)
  }
}

extension ControlTask {
  /// Plays an episode with the policy of θ; its reward has the bits that an evaluation gives it.
  ///
  /// - Parameters:
  ///   - seed: The seed of the environment's reset.
  ///   - steps: Steps at the most; nil for the whole episode, which may end before the horizon.
  public func recordEpisode(
    theta: [Float], seed: UInt32, steps: Int? = nil
  ) throws -> EpisodeRecording {
    var scratch = try makeScratch()
    var recording = EpisodeRecording(seed: seed, stepDuration: simulator.spec.stepDuration)
    var state = try simulator.reset(seed: seed, in: scratch.simulation)
    while recording.end == nil && recording.states.count < steps ?? .max {
      let before = state
      recording.append(before, try act(&state, theta: theta, in: &scratch))
    }
    return recording
  }
}
