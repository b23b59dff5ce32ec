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
    let together = task.advancesTogether ? ControlTask.blockSize : 1
    let size = max(1, 8 * pool.threadCount * together / episodes)
    var scratches = try (0..<pool.threadCount).map { _ in try task.makeScratch() }
    for start in stride(from: 0, to: policies.count, by: size) {
      let batch = try policies[start..<min(start + size, policies.count)].map {
        Policy(iteration: $0.0, firstSeed: $0.1, theta: try theta(at: $0.0))
      }
      var groups = groups(of: batch.count * episodes)
      var failure: ReplayError?
      do {
        try pool.update(&groups, scratches: &scratches) { _, group, scratch in
          try replay(&group, of: batch, episodes: episodes, in: &scratch)
        }
      } catch let error as ReplayError {
        failure = error
      }
      let rewards = groups.flatMap(\.rewards)
      for (index, policy) in batch.enumerated() {
        // Whatever the threads, all work before the first failure is done.
        if let failure, failure.iteration == policy.iteration { throw failure }
        try report(
          ReplayedEpisodes(
            iteration: policy.iteration,
            seeds: (0..<episodes).map { policy.seed(ofEpisode: $0) },
            rewards: Array(rewards[index * episodes..<(index + 1) * episodes])))
      }
    }
  }

  /// One that is replayed.
  private struct Policy {
    var iteration: Int
    var firstSeed: UInt32
    var theta: [Float]

    func seed(ofEpisode episode: Int) -> UInt32 {
      ControlTask.seed(ofEpisode: episode, from: firstSeed)
    }
  }

  /// Episodes that go side by side: a policy's, then the next one's …
  private struct Group {
    let indices: Range<Int>
    var rewards: [Double]
  }

  private func groups(of count: Int) -> [Group] {
    let size = task.episodesTogether(of: count, threads: pool.threadCount)
    return stride(from: 0, to: count, by: size).map { first in
      let indices = first..<min(first + size, count)
      return Group(indices: indices, rewards: indices.map { _ in .nan })
    }
  }

  private func replay(
    _ group: inout Group, of policies: [Policy], episodes: Int,
    in scratch: inout ControlTask.Scratch
  ) throws {
    let chosen = group.indices.map { policies[$0 / episodes] }
    let seeds = zip(group.indices, chosen).map { $1.seed(ofEpisode: $0 % episodes) }
    do {
      group.rewards = try task.returns(thetas: chosen.map(\.theta), seeds: seeds, in: &scratch)
    } catch is EnvironmentError {
      // Which one it was is found below.
    }
    // Alone an episode says where it diverges, if that is an error.
    for (index, policy) in chosen.enumerated() where group.rewards[index].isNaN {
      do {
        group.rewards[index] = try task.episodeReturn(
          theta: policy.theta, seed: seeds[index], in: &scratch)
      } catch let cause as EnvironmentError {
        throw ReplayError(iteration: policy.iteration, cause: cause)
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
