public import Unrolls

/// Losses and steps of a block's window.
public struct WindowTotals: Codable, Sendable {
  /// Σ of the losses of each trajectory: of θ + ε of each particle, then of θ − ε where there are
  /// pairs.
  public internal(set) var losses: [Double] = []
  /// Steps of the clock, absorbed ones included, of all trajectories.
  public var environmentSteps = 0
  /// Steps really taken, of all trajectories.
  public var simulatedSteps = 0
  /// Those of them that diverged.
  public var divergedSteps = 0
  /// Of what the steps met, where the task says so.
  public var moments = Moments()

  /// Back to nothing, keeping the memory.
  public mutating func clear() {
    losses.removeAll(keepingCapacity: true)
    environmentSteps = 0
    simulatedSteps = 0
    divergedSteps = 0
    moments = Moments()
  }

  /// Adds the steps of `other` and what they met, and not its losses.
  mutating func addSteps(of other: WindowTotals) {
    environmentSteps += other.environmentSteps
    simulatedSteps += other.simulatedSteps
    divergedSteps += other.divergedSteps
    moments.merge(other.moments)
  }

  /// Adds losses to those of some trajectories, step by step.
  ///
  /// - Parameters:
  ///   - rows: Losses of steps just taken.
  ///   - trajectories: Those that the rows are of; nil for all.
  ///   - count: Trajectories of the block.
  public mutating func add(_ rows: LossRows, of trajectories: [Int]? = nil, among count: Int) {
    if losses.isEmpty { losses.append(contentsOf: repeatElement(0, count: count)) }
    guard let trajectories else { return rows.add(to: &losses) }
    var sums = [Double](repeating: 0, count: trajectories.count)
    rows.add(to: &sums)
    for (trajectory, sum) in zip(trajectories, sums) { losses[trajectory] += sum }
  }

  /// Appends ``losses`` in the order of particles: of θ + ε and of θ − ε of the first, ….
  func appendLosses(to all: inout [Double], particleCount: Int) {
    for particle in 0..<particleCount {
      for trajectory in stride(from: particle, to: losses.count, by: particleCount) {
        all.append(losses[trajectory])
      }
    }
  }
}
