import Envs
import Parameters
import Randomness
import Tasks
import Testing
import Workers

@Suite struct EpisodeRecordingTests {
  private let key = PRNGKey(seed: 3)

  /// A task, θ that moves it, and the seed of its evaluation with `key`.
  private func policy(horizon: Int) throws -> (ControlTask, [Float], UInt32) {
    let task = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: horizon), initialization: .normal)
    let seed = UInt32(key.split().0.randomInteger(in: 0..<1_000_000))
    return (task, task.initialParameters(key: PRNGKey(seed: 7)), seed)
  }

  @Test func rewardIsTheEvaluations() throws {
    let (task, theta, seed) = try policy(horizon: 60)
    let rewards = try task.episodeReturns(
      theta: theta, key: key, episodes: 3, pool: WorkerPool(threadCount: 1))
    let recorded = try (0..<3).map { try task.recordEpisode(theta: theta, seed: seed + $0).reward }
    #expect(recorded == rewards)
  }

  @Test func keepsEachStep() throws {
    let (task, theta, seed) = try policy(horizon: 30)
    let recording = try task.recordEpisode(theta: theta, seed: seed)
    #expect(recording.seed == seed)
    #expect(recording.states.map(\.step) == Array(0..<30))
    #expect(recording.returns.count == 31)
    #expect(recording.returns[0] == 0)
    #expect(abs(recording.duration - 30 * 0.04) < 1e-12)
    // Each state leads to the next, and the returns grow by the rewards.
    var scratch = try task.makeScratch()
    for step in 0..<29 {
      var state = recording.states[step]
      let result = try task.act(&state, theta: theta, in: &scratch)
      #expect(state == recording.states[step + 1])
      #expect(recording.returns[step] + result.reward == recording.returns[step + 1])
    }
  }

  @Test func shortRecordingIsTheStart() throws {
    let (task, theta, seed) = try policy(horizon: 30)
    let whole = try task.recordEpisode(theta: theta, seed: seed)
    let start = try task.recordEpisode(theta: theta, seed: seed, steps: 7)
    #expect(start.states == Array(whole.states[..<7]))
    #expect(start.returns == Array(whole.returns[...7]))
    #expect(start.reward == whole.returns[7])
    #expect(start.end == nil && whole.end == .truncated)
  }

  @Test("a fall and a divergence are other ends than the time limit")
  func ends() throws {
    let pendulum = ControlTask(simulator: try Simulator(InvertedPendulum(), timeLimit: 40))
    let fallen = try pendulum.recordEpisode(theta: [0, -2, 0, 0], seed: 3)
    #expect(fallen.end == .terminated && fallen.states.count < 40)
    let swimmer = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 40, onDivergence: .reset))
    let diverged = try swimmer.recordEpisode(
      theta: [Float](repeating: 1e30, count: swimmer.layout.count), seed: 3)
    #expect(diverged.end == .diverged && diverged.states.count < 40)
  }
}
