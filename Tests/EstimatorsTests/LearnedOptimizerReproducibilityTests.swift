import Datasets
import Estimators
import Foundation
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Estimators on a tiny learned optimizer: the same numbers on however many threads and across a
/// save, and no memory that is not given back.
struct LearnedOptimizerReproducibilityTests {
  static let names = EstimatorCatalogue.all.map { $0.id }.filter { $0 != FullESTrajectory.id }

  @Test(arguments: names) func threadsChangeNothing(_ name: String) throws {
    for run in try Run.learnedOptimizers() { try run.compareThreads(name, 3) }
  }

  @Test(arguments: names) func aSaveIsNoticedNowhere(_ name: String) throws {
    for run in try Run.learnedOptimizers() { try run.compareSaved(name, after: 1) }
  }

  /// What makes the save above a hard one: trajectories that began in the middle of an episode and are
  /// in the middle of it.
  @Test func theSaveIsInTheMiddleOfEpisodes() throws {
    typealias Block = TruncatedBackpropagationBlock<LearnedOptimizerTask>
    for run in try Run.learnedOptimizers() {
      let made = try run.make(TruncatedBPTT.self)
      _ = try run.estimate(made, windows: 0..<1)
      let states = try #require(made as? BlockRuntime<Block>).blocks.flatMap(\.states)
      #expect(states.contains { $0.step > 0 && $0.updates > 0 && $0.updates != $0.step })
    }
  }

  /// In a process of its own, where no other test takes memory. A sanitizer keeps what is freed.
  @Test(.disabled(if: isSanitized)) func windowsKeepNoMemory() async {
    await #expect(processExitsWith: .success) {
      for run in try Run.learnedOptimizers(particleCount: 4) {
        let made = try run.make(TruncatedNRES.self)
        var pages: [Int] = []
        for (window, key) in PRNGKey(seed: 1).split(251).enumerated() {
          if window % 50 == 0 { pages.append(try residentPages()) }
          _ = try made.estimate(theta: run.thetas[0], key: key)
        }
        // The system may give some pages at once; what is kept grows with every window.
        #expect(zip(pages.dropFirst(), pages.dropFirst(2)).contains { $1 <= $0 })
      }
    }
  }
}

/// Pages of memory that this process has.
private func residentPages() throws -> Int {
  let numbers = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    .split(separator: " ")
  return try #require(numbers.count > 1 ? Int(numbers[1]) : nil)
}

extension Run<LearnedOptimizerTask> {
  /// A network of one hidden layer of 3 on images of 2 × 2, with two optimizers, on a single sequence
  /// and on sequences of its own.
  fileprivate static func learnedOptimizers(particleCount: Int = 5) throws -> [Run] {
    let shape = ImageShape(height: 2, width: 2, channels: 1)
    let labels = (0..<20).map { UInt8($0 % 3) }
    let data = ImageDataset(
      name: "tiny", classCount: 3, shape: shape, pixels: (0..<80).map { UInt8($0 * 37 % 256) },
      labels: labels)
    let network = InnerNetwork.perceptron(
      hiddenSizes: [3], activation: .relu, shape: shape, classCount: data.classCount)
    let optimizers: [any LearnedOptimizer] = [
      MLPOptimizer(hiddenSize: 3, hiddenLayers: 1), LearnableAdam(),
    ]
    return try optimizers.flatMap { optimizer in
      let problem = try InnerProblem(
        data: data, network: network, optimizer: optimizer, outerLoss: .crossEntropy, batchSize: 4)
      let theta = optimizer.initialParameters(key: PRNGKey(seed: 2))
      return [7, nil].map { seed in
        Run(
          task: LearnedOptimizerTask(problem, horizon: 6, singleSequenceSeed: seed),
          settings: EstimatorSettings(
            particleCount: particleCount, windowLength: 2, noisePeriod: 3, sigma: 0.05,
            burnInLength: 0),
          thetas: (0..<6).map { window in theta.map { $0 + 0.1 * Float(window) } })
      }
    }
  }
}
