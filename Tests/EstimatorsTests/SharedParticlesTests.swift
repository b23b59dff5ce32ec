import Estimators
import Foundation
import Randomness
import Snapshots
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Particles that several processes share give the bits of particles run by one, though nothing but
/// the blocks' sums goes from one to the other.
struct SharedParticlesTests {
  /// The parts of an estimator, of which the first adds up.
  private struct Parts<Block: EstimatorBlock> {
    var runtimes: [BlockRuntime<Block>]

    init(_ setup: EstimatorSetup<Block.Task>, count: Int, state: Snapshot? = nil) throws {
      runtimes = try (0..<count).map { index in
        var setup = setup
        (setup.share, setup.state) = (ParticleShare(index, of: count), state)
        return try BlockRuntime<Block>(setup)
      }
      runtimes[0].join(runtimes.map(\.beginning))
    }

    func estimate(theta: [Float], key: PRNGKey) throws -> GradientEstimate {
      let sent = try runtimes.map { runtime in
        var writer = ByteWriter()
        for sum in try runtime.sums(theta: theta, key: key) { sum.write(to: &writer) }
        return writer.bytes
      }
      let sums = try sent.flatMap { bytes in
        var reader = ByteReader(bytes)
        var sums: [BlockSum] = []
        while !reader.isAtEnd { sums.append(try BlockSum(from: &reader)) }
        return sums
      }
      return runtimes[0].estimate(from: sums)
    }

    func snapshot() throws -> Snapshot {
      try runtimes[0].snapshot(
        joining: runtimes.map { try Snapshot(bytes: $0.partialSnapshot().bytes) })
    }
  }

  /// Runs windows of an estimator in one place and in `count`; half way the parts' state is written
  /// out and goes on in other numbers of parts, and one window is taken back.
  private func compare<Block: EstimatorBlock>(
    _: Block.Type, _ run: Run<Block.Task>, _ count: Int
  ) throws {
    let setup = EstimatorSetup(
      run.task, settings: run.settings, theta: run.thetas[0], key: run.keys[run.thetas.count],
      pool: WorkerPool(threadCount: 2))
    let whole = try BlockRuntime<Block>(setup)
    var parts = try Parts<Block>(setup, count: count)
    for (index, (theta, key)) in zip(run.thetas, run.keys).enumerated() {
      if index == run.thetas.count / 2 {
        for runtime in parts.runtimes { runtime.keepState() }
        _ = try parts.estimate(theta: theta, key: key)
        for runtime in parts.runtimes { runtime.goBack() }
      } else if index == run.thetas.count / 2 + 1 {
        let state = try parts.snapshot()
        parts = try Parts<Block>(setup, count: count == 1 ? 2 : count - 1, state: state)
      }
      let expected = try whole.estimate(theta: theta, key: key)
      let found = try parts.estimate(theta: theta, key: key)
      #expect(found.gradient.map(\.bitPattern) == expected.gradient.map(\.bitPattern))
      #expect(found.meanLoss == expected.meanLoss)
      #expect(found.lossDeviation == expected.lossDeviation)
      #expect(found.moments == expected.moments)
    }
    #expect(parts.runtimes[0].environmentSteps == whole.environmentSteps)
    #expect(parts.runtimes[0].simulatedSteps == whole.simulatedSteps)
    #expect(parts.runtimes[0].divergedSteps == whole.divergedSteps)
  }

  private static let lorenz: Run<Lorenz> = {
    var run = Run.lorenz
    run.settings.particleCount = 35
    return run
  }()

  @Test(arguments: [1, 2, 3, 7, 35])
  func pairsOnLorenz(_ count: Int) throws {
    try compare(PersistentBlock<Lorenz>.self, Self.lorenz, count)
    try compare(NoiseReuseBlock<Lorenz>.self, Self.lorenz, count)
    try compare(NoiseReuseHistoryBlock<Lorenz>.self, Self.lorenz, count)
    try compare(UnperturbedBlock<Lorenz>.self, Self.lorenz, count)
    try compare(FreshPairsBlock<Lorenz>.self, Self.lorenz, count)
    try compare(FreshPersistentBlock<Lorenz>.self, Self.lorenz, count)
  }

  /// In blocks of sixteen, which fix the bits.
  @Test(arguments: [2, 3])
  func derivativesOnLorenz(_ count: Int) throws {
    try compare(DirectionalBlock<Lorenz>.self, Self.lorenz, count)
    try compare(EpisodeDirectionBlock<Lorenz>.self, Self.lorenz, count)
    try compare(RankOneBlock<Lorenz>.self, Self.lorenz, count)
    try compare(TruncatedBackpropagationBlock<Lorenz>.self, Self.lorenz, count)
    try compare(FreshBackpropagationBlock<Lorenz>.self, Self.lorenz, count)
  }

  @Test(arguments: [2, 3, 9])
  func inControl(_ count: Int) throws {
    for normalizes in [false, true] {
      var run = Run.control
      run.settings.normalizesLoss = normalizes
      try compare(PersistentBlock<LinearSystemTask>.self, run, count)
      try compare(FreshPairsBlock<LinearSystemTask>.self, run, count)
      run.settings.windowLength = run.task.horizon
      try compare(TrajectoryBlock<LinearSystemTask>.self, run, count)
    }
  }

  @Test func moreSharesThanBlocksAreRefused() throws {
    let run = Self.lorenz
    var setup = EstimatorSetup(
      run.task, settings: run.settings, theta: run.thetas[0], key: run.keys[0],
      pool: WorkerPool(threadCount: 1))
    setup.share = ParticleShare(0, of: 36)
    #expect(throws: EstimatorError.shares(count: 36, most: 35)) {
      try BlockRuntime<NoiseReuseBlock<Lorenz>>(setup)
    }
    setup.share = ParticleShare(3, of: 4)
    #expect(throws: EstimatorError.shares(count: 4, most: 3)) {
      try BlockRuntime<RankOneBlock<Lorenz>>(setup)
    }
  }

  /// Every part is as large as any other, or a block larger or smaller, and together they are all.
  @Test func sharesAreEqual() throws {
    for (count, blocks) in [(1, 1), (2, 19), (3, 7), (7, 7), (5, 1000)] {
      let ranges = try (0..<count).map { try ParticleShare($0, of: count).range(of: blocks) }
      #expect(ranges.flatMap(Array.init) == Array(0..<blocks))
      let sizes = ranges.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  @Test func cutMessagesAreRefused() throws {
    var sum = BlockSum(particleCount: 2)
    sum.add([1, 2])
    sum.totals.environmentSteps = 4
    var writer = ByteWriter()
    sum.write(to: &writer)
    for count in writer.bytes.indices {
      #expect(throws: ByteReader.TooShort.self) {
        var reader = ByteReader(Array(writer.bytes.prefix(count)))
        _ = try BlockSum(from: &reader)
      }
    }
  }
}
