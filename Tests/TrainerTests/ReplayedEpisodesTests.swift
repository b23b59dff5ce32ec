import Envs
import Foundation
import Parameters
import Records
import Tasks
import TestSupport
import Testing
import Trainer
import Workers

/// Replays against the evaluations that training logs.
struct ReplayedEpisodesTests {
  private func replay(
    _ policies: SavedPolicies, _ iterations: [Int], episodes: Int = 20, seed: UInt32? = nil
  ) throws -> [ReplayedEpisodes] {
    var replayed: [ReplayedEpisodes] = []
    try policies.replay(iterations, episodes: episodes, seed: seed) { replayed.append($0) }
    return replayed
  }

  @Test("rewards of a replay are those logged while the run trained, to the last bit")
  func logged() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(SavedPoliciesTests.evaluated, at: folder("run"))
    let tag = ControlApplication.headline.tag
    let (means, widths) = try (run.scalars(tag), run.scalars(tag + "_ci"))
    let policies = try SavedPolicies(path: run.folder.path)
    let replayed = try replay(policies, [3, 0, 1, 2])
    #expect(replayed.map(\.iteration) == [3, 0, 1, 2])
    for one in replayed {
      #expect(one.statistics.mean == means[one.iteration])
      #expect(one.statistics.halfWidth == widths[one.iteration])
      #expect(one.rewards.count == 20 && Set(one.rewards).count == 20)
    }
    // Episode by episode, with the keys of the iteration.
    for (iteration, keys) in zip(0..<4, IterationKeys.Chain(remainingSeed: 23)) {
      let rewards = try policies.task.episodeReturns(
        theta: policies.theta(at: iteration), key: keys.test, pool: WorkerPool(threadCount: 1))
      #expect(replayed.first { $0.iteration == iteration }?.rewards == rewards)
    }
  }

  @Test(
    "the number of threads, of iterations and of episodes changes no episode",
    arguments: [1, 2, 7])
  func threads(threads: Int) throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick.with { $0["outer-iterations"] = 20 }, at: folder("run"))
    let all = try replay(
      SavedPolicies(path: run.folder.path, threads: 1), Array(0...20), episodes: 3)
    let policies = try SavedPolicies(path: run.folder.path, threads: threads)
    #expect(try replay(policies, Array(0...20), episodes: 3) == all)
    let single = try replay(policies, Array((0...20).reversed()), episodes: 1)
    #expect(single.map(\.rewards) == all.reversed().map { [$0.rewards[0]] })
    #expect(single.map(\.seeds) == all.reversed().map { [$0.seeds[0]] })
    #expect(try replay(policies, []) == [])
  }

  @Test("a given seed begins each iteration's episodes; the largest is followed by 0")
  func seed() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    let policies = try SavedPolicies(path: run.folder.path)
    let replayed = try replay(policies, [0, 2], episodes: 3, seed: .max - 1)
    #expect(replayed.map(\.seeds) == [[.max - 1, .max, 0], [.max - 1, .max, 0]])
    var scratch = try policies.task.makeScratch()
    for one in replayed {
      for (seed, reward) in zip(one.seeds, one.rewards) {
        #expect(
          try policies.task.episodeReturn(
            theta: policies.theta(at: one.iteration), seed: seed, in: &scratch) == reward)
      }
    }
  }

  /// A θ file of Swimmer's linear policy whose iterations `diverging` act without bounds.
  private func file(
    in folder: TemporaryFolder, count: Int, diverging: Set<Int>
  ) throws -> String {
    let path = folder("theta.safetensors")
    let layout = Policy(.linear, observationCount: 8, actionCount: 2).layout
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: .all(count))
    for iteration in 0..<count {
      let value: Float = diverging.contains(iteration) ? 3e30 : Float(iteration) / 10
      try writer.append([Float](repeating: value, count: layout.count))
    }
    try writer.close()
    return path
  }

  @Test(
    "a policy that diverges is named, after those before it were reported",
    arguments: [1, 2, 5])
  func divergence(threads: Int) throws {
    let folder = try TemporaryFolder()
    let path = try file(in: folder, count: 12, diverging: [6, 9])
    let policies = try SavedPolicies(path: path, threads: threads)
    var reported: [Int] = []
    let error = #expect(throws: ReplayError.self) {
      try policies.replay([11, 0, 3, 6, 9, 1], episodes: 2, seed: 5) {
        #expect($0.rewards.allSatisfy { $0 != 0 })
        reported.append($0.iteration)
      }
    }
    #expect(reported == [11, 0, 3])
    #expect(error?.iteration == 6)
    #expect(
      error?.description.hasPrefix(
        "iteration 6: Swimmer-v4: the simulation with seed 5 diverged at step ") == true)
  }
}
