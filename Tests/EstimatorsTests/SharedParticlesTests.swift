import Estimators
import Foundation
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Particles run in several places give the bits of particles run in one, though nothing but the
/// blocks' sums goes from one place to the others.
struct SharedParticlesTests {
  /// Runs `windows` of an estimator in one place, and in parts of its particles.
  private func compare<Block: EstimatorBlock>(
    _: Block.Type, _ run: Run<Block.Task>, parts: [Range<Int>]
  ) throws {
    let setup = EstimatorSetup(
      run.task, settings: run.settings, theta: run.thetas[0], key: run.keys[run.thetas.count],
      pool: WorkerPool(threadCount: 2))
    let whole = try BlockRuntime<Block>(setup)
    let shares = try parts.map { try BlockRuntime<Block>(setup, particles: $0) }
    let clocks = shares.flatMap(\.startClocks)
    for share in shares { share.follow(startClocks: clocks) }
    for (theta, key) in zip(run.thetas, run.keys) {
      let expected = try whole.estimate(theta: theta, key: key)
      // As text, to be sent.
      let sent = try shares.map { try JSONEncoder().encode($0.sums(theta: theta, key: key)) }
      let sums = try sent.flatMap { try JSONDecoder().decode([BlockSum].self, from: $0) }
      for share in shares {
        let found = share.estimate(from: sums)
        #expect(found.gradient.map(\.bitPattern) == expected.gradient.map(\.bitPattern))
        #expect(found.meanLoss == expected.meanLoss)
        #expect(found.lossDeviation == expected.lossDeviation)
      }
    }
  }

  private static let lorenz: Run<Lorenz> = {
    var run = Run.lorenz
    run.settings.particleCount = 35
    return run
  }()

  /// In blocks of eight pairs, and of sixteen where derivatives are taken.
  @Test(arguments: [[0..<8, 8..<35], [0..<35], [0..<16, 16..<32, 32..<35], [0..<24, 24..<35]])
  func pairsOnLorenz(_ parts: [Range<Int>]) throws {
    try compare(PersistentBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(NoiseReuseBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(UnperturbedBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(FreshPairsBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(FreshPersistentBlock<Lorenz>.self, Self.lorenz, parts: parts)
  }

  @Test(arguments: [[0..<16, 16..<35], [0..<16, 16..<32, 32..<35]])
  func derivativesOnLorenz(_ parts: [Range<Int>]) throws {
    try compare(DirectionalBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(EpisodeDirectionBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(RankOneBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(TruncatedBackpropagationBlock<Lorenz>.self, Self.lorenz, parts: parts)
    try compare(FreshBackpropagationBlock<Lorenz>.self, Self.lorenz, parts: parts)
  }

  @Test func inControl() throws {
    for normalizes in [false, true] {
      var run = Run.control
      run.settings.normalizesLoss = normalizes
      let parts = [0..<2, 2..<7, 7..<9]
      try compare(PersistentBlock<LinearSystemTask>.self, run, parts: parts)
      try compare(FreshPairsBlock<LinearSystemTask>.self, run, parts: parts)
      run.settings.windowLength = run.task.horizon
      try compare(TrajectoryBlock<LinearSystemTask>.self, run, parts: parts)
    }
  }
}
