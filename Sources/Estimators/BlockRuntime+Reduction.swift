import Parameters
import Unrolls

extension BlockRuntime {
  /// Adds up what the window that was run last gave, in one order: the same for any number of threads
  /// and any share of the particles that is run here.
  ///
  /// - Parameter sums: The sums of all blocks, in the order of their particles.
  func reduced(_ sums: [BlockSum]) -> GradientEstimate {
    precondition(sums.count == entries.count, "the sums of all blocks")
    let length = settings.windowLength
    var losses: [Double] = []
    losses.reserveCapacity(2 * settings.particleCount)
    var moments = Moments()
    for sum in sums {
      environmentSteps += sum.totals.environmentSteps
      simulatedSteps += sum.totals.simulatedSteps
      divergedSteps += sum.totals.divergedSteps
      moments.merge(sum.totals.moments)
      sum.totals.appendLosses(to: &losses, particleCount: sum.multipliers.count)
    }
    let deviation =
      settings.normalizesLoss ? Float(standardDeviation(of: losses, steps: length)) : nil
    var gradient = gradient(of: sums)
    for index in gradient.indices {
      if let deviation {
        gradient[index] = gradient[index] * Float(settings.sigma) / deviation
      }
      gradient[index] = Block.average(gradient[index], settings: settings, length: length)
    }
    let loss = losses.reduce(0, +)
    return GradientEstimate(
      gradient: gradient, meanLoss: Float(loss / Double(losses.count * length)),
      lossDeviation: deviation, moments: moments)
  }

  /// Group after group of the particles that are summed first.
  private func gradient(of sums: [BlockSum]) -> [Float] {
    var directions: [Directions] = []
    directions.reserveCapacity(entries.count)
    for entry in entries { directions.append(entry.directions) }
    let size = Block.summedParticles.map { max(1, $0 / Block.particleCount) } ?? sums.count
    let count = task.layout.count
    var gradient = [Float](repeating: 0, count: count)
    for first in stride(from: 0, to: sums.count, by: size) {
      let group = first..<min(first + size, sums.count)
      if group.count == 1, sums[first].isMultiplied {
        sums[first].addGradient(to: &gradient)
      } else {
        let part = sums.gradient(
          of: group, directions, count: count, threads: threadCount)
        for index in gradient.indices { gradient[index] += part[index] }
      }
    }
    return gradient
  }

  /// Population standard deviation of the window-averaged losses, of sums of losses.
  private func standardDeviation(of sums: [Double], steps: Int) -> Double {
    let losses = sums.map { $0 / Double(steps) }
    let mean = losses.reduce(0, +) / Double(losses.count)
    let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(losses.count)).squareRoot()
  }
}
