import Parameters
public import Snapshots
import Unrolls

extension BlockRuntime {
  /// What is written out.
  private struct State: Codable {
    var particleCount: Int
    var parameterCount: Int
    var environmentSteps: Int
    var simulatedSteps: Int
    /// States of earlier versions do not have it.
    var divergedSteps: Int?
    var blocks: [Block]
  }

  /// - Precondition: All particles are run here.
  public func snapshot() throws -> Snapshot {
    precondition(particles.count == settings.particleCount, "the state of all particles")
    return try snapshot(of: blocks)
  }

  /// - Parameter blocks: Those of all particles.
  func snapshot(of blocks: [Block]) throws -> Snapshot {
    try Snapshot(
      of: State(
        particleCount: settings.particleCount, parameterCount: task.layout.count,
        environmentSteps: environmentSteps, simulatedSteps: simulatedSteps,
        divergedSteps: divergedSteps, blocks: blocks))
  }

  public func restore(from snapshot: Snapshot) throws {
    let state: State = try snapshot.decode()
    guard state.particleCount == settings.particleCount else {
      throw EstimatorError.particleCount(
        found: state.particleCount, expected: settings.particleCount)
    }
    guard state.parameterCount == task.layout.count else {
      throw EstimatorError.parameterCount(
        found: state.parameterCount, expected: task.layout.count)
    }
    var blocks = state.blocks
    if blocks.count != entries.count {
      // What steps the environments decides how many particles work together.
      guard let regrouped = Block.regrouped(blocks, into: entries.map(\.particles.count)) else {
        throw EstimatorError.blockCount(found: blocks.count, expected: entries.count)
      }
      blocks = regrouped
    }
    (environmentSteps, simulatedSteps) = (state.environmentSteps, state.simulatedSteps)
    divergedSteps = state.divergedSteps ?? 0
    isRestored = true
    for (entry, block) in zip(entries, blocks) {
      if particles.contains(entry.particles.lowerBound) {
        entry.block = block
      } else {
        follow(block, of: entry)
      }
    }
  }

  /// A state in memory.
  struct KeptState {
    var blocks: [Block?]
    var followers: [NoiseFollower<Block.Noise>?]
    var environmentSteps: Int
    var simulatedSteps: Int
    var divergedSteps: Int
  }

  public func keepState() {
    kept = KeptState(
      blocks: entries.map(\.block), followers: entries.map(\.follower),
      environmentSteps: environmentSteps,
      simulatedSteps: simulatedSteps, divergedSteps: divergedSteps)
  }

  public func goBack() {
    guard let kept else { return }
    (environmentSteps, simulatedSteps) = (kept.environmentSteps, kept.simulatedSteps)
    divergedSteps = kept.divergedSteps
    for (index, entry) in entries.enumerated() {
      (entry.block, entry.follower) = (kept.blocks[index], kept.followers[index])
    }
    (self.kept, last) = (nil, nil)
  }

  public func forgetState() { kept = nil }
}
