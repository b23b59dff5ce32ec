public import Randomness
public import Snapshots
import Unrolls
import Workers

extension BlockRuntime: PartialEstimator {
  public var beginning: PartialBeginning {
    PartialBeginning(
      clocks: ownEntries.map(\.startClocks), environmentSteps: environmentSteps,
      simulatedSteps: simulatedSteps, divergedSteps: divergedSteps, isRestored: isRestored)
  }

  public func join(_ beginnings: [PartialBeginning]) {
    if isRestored { return }
    let clocks = beginnings.flatMap(\.clocks)
    precondition(clocks.count == entries.count, "the beginnings of all blocks")
    environmentSteps = beginnings.reduce(0) { $0 + $1.environmentSteps }
    simulatedSteps = beginnings.reduce(0) { $0 + $1.simulatedSteps }
    divergedSteps = beginnings.reduce(0) { $0 + $1.divergedSteps }
    if !Block.carriesEpisodes { return }
    for (entry, clocks) in zip(entries, clocks) where entry.block == nil {
      let window = start.frame(of: entry)
      entry.follower = NoiseFollower(window, clocks: clocks)
      entry.follower?.follow(window, into: &entry.directions)
    }
  }

  public func sums(theta: [Float], key: PRNGKey) throws -> [BlockSum] {
    try compute(theta: theta, key: key)
    return ownEntries.map(\.sum)
  }

  public func followOthers() {
    guard let last else { return }
    self.last = nil
    // Their sums have the noises in them.
    if Block.summedParticles == Block.particleCount { return }
    var others = entries.filter { $0.block == nil }
    if others.isEmpty { return }
    let threads = WorkerPool(threadCount: threadCount)
    var scratches: [Void] = Array(repeating: (), count: threads.threadCount)
    // Nothing of it throws, and no thread asks for the end.
    try? threads.update(&others, scratches: &scratches) { _, entry, _ in
      let window = last.frame(of: entry)
      entry.directions.clear()
      if !Block.carriesEpisodes {
        entry.follower = NoiseFollower(window, clocks: entry.particles.map { _ in 0 })
      }
      precondition(entry.follower != nil, "join(_:) first")
      entry.follower?.follow(window, into: &entry.directions)
    }
  }

  public func estimate(from sums: [BlockSum]) -> GradientEstimate {
    followOthers()
    return reduced(sums)
  }

  public func partialSnapshot() throws -> Snapshot { try Snapshot(of: blocks) }

  public func snapshot(joining parts: [Snapshot]) throws -> Snapshot {
    try snapshot(of: parts.flatMap { try $0.decode([Block].self) })
  }

  /// Takes up the state of the particles that are run elsewhere, as far as it is needed here.
  func follow(_ block: Block, of entry: Entry) {
    let clocks = Array(block.clocks(of: task).prefix(entry.particles.count))
    entry.follower =
      block.carriedNoise.map { NoiseFollower($0, clocks: clocks) }
      ?? NoiseFollower(start.frame(of: entry), clocks: clocks)
  }
}
