package import Envs
package import Tasks
import Workers

/// What a saved policy earned in whole episodes of consecutive seeds.
package struct ReplayedEpisodes: Hashable, Sendable {
  package let iteration: Int
  /// NumPy seeds, one an episode.
  package let seeds: [UInt32]
  /// Undiscounted reward sums, one an episode.
  package let rewards: [Double]

  package var statistics: EpisodeStatistics { EpisodeStatistics(rewards) }
}

/// A saved policy whose simulation cannot go on.
package struct ReplayError: Error, CustomStringConvertible {
  package let iteration: Int
  package let cause: EnvironmentError

  package init(iteration: Int, cause: EnvironmentError) {
    self.iteration = iteration
    self.cause = cause
  }

  package var description: String { "iteration \(iteration): \(cause)" }
}

extension SavedPolicies {
  /// Replays whole episodes of `iterations`, side by side on all threads.
  ///
  /// - Parameters:
  ///   - episodes: Episodes of each iteration.
  ///   - seed: The seed of each iteration's first episode; nil for that of its evaluation.
  ///   - report: Called for each iteration, in the order given.
  /// - Throws: `ReplayError` for the first iteration that cannot be simulated to its end; those
  ///   before it were reported.
  package func replay(
    _ iterations: [Int], episodes: Int = ControlTask.evaluationEpisodes, seed: UInt32? = nil,
    report: (ReplayedEpisodes) throws -> Void
  ) throws {
    let seeds = seed.map { seed in iterations.map { _ in seed } }
    let policies = Array(zip(iterations, seeds ?? evaluationSeeds(at: iterations)))
    // Threads wait for each other at the end of a batch: a batch has work for several turns.
    let size = max(1, 8 * pool.threadCount / episodes)
    var scratches = try (0..<pool.threadCount).map { _ in try task.makeScratch() }
    for start in stride(from: 0, to: policies.count, by: size) {
      let batch = Array(policies[start..<min(start + size, policies.count)])
      let thetas = try batch.map { try theta(at: $0.0) }
      var rewards = [Double](repeating: 0, count: batch.count * episodes)
      var failure: ReplayError?
      do {
        try pool.update(&rewards, scratches: &scratches) { index, reward, scratch in
          let (policy, episode) = index.quotientAndRemainder(dividingBy: episodes)
          let (iteration, first) = batch[policy]
          do {
            reward = try task.episodeReturn(
              theta: thetas[policy], seed: ControlTask.seed(ofEpisode: episode, from: first),
              in: &scratch)
          } catch let cause as EnvironmentError {
            throw ReplayError(iteration: iteration, cause: cause)
          }
        }
      } catch let error as ReplayError {
        failure = error
      }
      for (policy, (iteration, first)) in batch.enumerated() {
        // Whatever the threads, all work before the first failure is done.
        if let failure, failure.iteration == iteration { throw failure }
        try report(
          ReplayedEpisodes(
            iteration: iteration,
            seeds: (0..<episodes).map { ControlTask.seed(ofEpisode: $0, from: first) },
            rewards: Array(rewards[policy * episodes..<(policy + 1) * episodes])))
      }
    }
  }
}

extension SavedPolicies {
  /// Records an episode of `iteration`, to be looked at.
  ///
  /// - Parameters:
  ///   - episode: Counted from 0: the seed of each is one more than that of the one before.
  ///   - seed: The seed of episode 0; nil for that of the iteration's evaluation.
  ///   - steps: Steps at the most; nil for the whole episode.
  /// - Throws: `ReplayError` when it cannot be simulated to its end.
  package func record(
    _ iteration: Int, episode: Int = 0, seed: UInt32? = nil, steps: Int? = nil
  ) throws -> EpisodeRecording {
    let first = seed ?? evaluationSeeds(at: [iteration])[0]
    do {
      return try task.recordEpisode(
        theta: theta(at: iteration), seed: ControlTask.seed(ofEpisode: episode, from: first),
        steps: steps)
    } catch let cause as EnvironmentError {
      throw ReplayError(iteration: iteration, cause: cause)
    }
  }
}
