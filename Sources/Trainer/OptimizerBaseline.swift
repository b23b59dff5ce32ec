import Foundation
import Parameters
package import Randomness
package import Tasks
package import Workers

/// How well an optimizer with a fixed rate trains the network that a learned optimizer trains.
package struct OptimizerBaseline: Hashable, Codable, Sendable {
  /// What it is called: `SGD`, `SGDM`, `Adam`.
  package var optimizer: String
  package var rate: Double
  /// The mean of the outer loss over an episode, as the learned optimizer is judged by.
  package var loss: Double
  /// The outer loss after each step of an episode.
  package private(set) var steps: [Double] = []

  private enum CodingKeys: String, CodingKey { case optimizer, rate, loss }

  /// The optimizers there are, each with everything but its rate as usual.
  static let optimizers: [(name: String, optimizer: any LearnedOptimizer)] = [
    ("SGD", LearnableSGD()), ("SGDM", LearnableSGDM()), ("Adam", LearnableAdam()),
  ]

  /// Trains with every optimizer at every rate, optimizer after optimizer, rates in the order given.
  ///
  /// - Parameters:
  ///   - task: The learned optimizer's, whose inner problem and episodes are used.
  ///   - rates: All positive.
  ///   - key: Draws the episodes of a task that has no single sequence.
  ///   - particles: How many of them; as many as a learned optimizer is judged by if nil.
  ///   - report: Called with each result as it is there; what it throws ends the work.
  package static func measure(
    _ task: LearnedOptimizerTask, rates: [Double], key: PRNGKey, particles: Int? = nil,
    pool: WorkerPool, report: (OptimizerBaseline) throws -> Void
  ) throws {
    for (name, optimizer) in optimizers {
      var problem = task.problem
      problem.optimizer = optimizer
      let baseline = LearnedOptimizerTask(
        problem, horizon: task.horizon, singleSequenceSeed: task.singleSequenceSeed)
      var theta = baseline.initialParameters(key: key)
      for rate in rates {
        for index in baseline.layout.range(of: "log_lr") ?? 0..<0 {
          theta[index] = log(Float(rate))
        }
        let episodes = try baseline.stepLosses(
          theta: theta, key: key, particles: particles, pool: pool)
        let losses = episodes.map { Double($0.reduce(0, +) / Float(task.horizon)) }
        var result = OptimizerBaseline(
          optimizer: name, rate: rate, loss: EpisodeStatistics(losses).mean)
        result.steps = stepMeans(of: episodes)
        try report(result)
      }
    }
  }

  /// Of each optimizer the rate with the least loss, in the order measured; none of one whose losses are
  /// all not finite.
  package static func bests(of measured: [OptimizerBaseline]) -> [OptimizerBaseline] {
    var bests: [OptimizerBaseline] = []
    for baseline in measured where baseline.loss.isFinite {
      if let index = bests.firstIndex(where: { $0.optimizer == baseline.optimizer }) {
        if baseline.loss < bests[index].loss { bests[index] = baseline }
      } else {
        bests.append(baseline)
      }
    }
    return bests
  }
}
