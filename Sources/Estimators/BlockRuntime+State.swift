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
    return try Snapshot(
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
    guard state.blocks.count == blocks.count else {
      throw EstimatorError.blockCount(found: state.blocks.count, expected: blocks.count)
    }
    (environmentSteps, simulatedSteps) = (state.environmentSteps, state.simulatedSteps)
    divergedSteps = state.divergedSteps ?? 0
    let own = entries.filter { $0.block != nil }
    for (entry, block) in zip(own, state.blocks) { entry.block = block }
  }
}
