/// What one window of a block of particles gave.
public struct WindowSum: Sendable {
  /// What a particle adds to the gradient: at each step, a multiplier times a direction.
  struct Contributions: Sendable {
    /// One a step, or one for the window.
    var multipliers: [Float] = []
    /// The directions, each from its first step to the next one's.
    var directions: [(first: Int, direction: [Float])] = []
  }

  /// Of each particle; all have equally many multipliers.
  private(set) var contributions: [Contributions]
  /// Σ of the losses of θ + ε of each particle, then of θ − ε.
  private(set) var losses: [Double]
  /// Environment steps run.
  public var environmentSteps = 0

  /// Numbers from one step's losses to the next one's, in what lanes hold.
  private let stride: Int

  init(particleCount: Int, stride: Int) {
    self.stride = stride
    contributions = Array(repeating: Contributions(), count: particleCount)
    losses = Array(repeating: 0, count: 2 * particleCount)
  }

  /// Appends ``losses`` in the order of particles: of θ + ε and of θ − ε of the first, ….
  func appendLosses(to pairs: inout [Double]) {
    for particle in contributions.indices {
      pairs.append(losses[particle])
      pairs.append(losses[contributions.count + particle])
    }
  }

  /// Multipliers that each particle has so far.
  var count: Int { contributions.first?.multipliers.count ?? 0 }

  /// Back to nothing, keeping the memory.
  mutating func clear() {
    for particle in contributions.indices {
      contributions[particle].multipliers.removeAll(keepingCapacity: true)
      contributions[particle].directions.removeAll(keepingCapacity: true)
    }
    for index in losses.indices { losses[index] = 0 }
    environmentSteps = 0
  }

  /// Says what a particle's multipliers multiply from the next one on.
  public mutating func use(_ direction: [Float], for particle: Int) {
    contributions[particle].directions.append((count, direction))
  }

  /// Adds a multiplier to each particle's.
  public mutating func add(_ multipliers: [Float]) {
    for (particle, multiplier) in multipliers.enumerated() {
      contributions[particle].multipliers.append(multiplier)
    }
  }

  /// Adds to each particle's multipliers those of steps: (L⁺ − L⁻)/(2σ²).
  ///
  /// - Parameter losses: A row a step: of θ + ε of each particle, then of θ − ε.
  public mutating func addMultipliers(
    of losses: [Float], steps: Int, settings: EstimatorSettings
  ) {
    for particle in contributions.indices {
      contributions[particle].addMultipliers(
        of: losses, from: particle, to: particle + contributions.count, stride: stride,
        steps: steps, settings: settings)
    }
  }

  /// Adds losses to the trajectories' sums, step by step.
  mutating func addLosses(_ losses: [Float], steps: Int) {
    let count = self.losses.count
    self.losses.withUnsafeMutableBufferPointer { sums in
      losses.withUnsafeBufferPointer { losses in
        for step in 0..<steps {
          for index in 0..<count { sums[index] += Double(losses[step * stride + index]) }
        }
      }
    }
  }
}

extension WindowSum.Contributions {
  /// Adds the multipliers of the differences of two columns.
  fileprivate mutating func addMultipliers(
    of losses: [Float], from positive: Int, to negative: Int, stride: Int, steps: Int,
    settings: EstimatorSettings
  ) {
    let first = multipliers.count
    multipliers.append(contentsOf: repeatElement(0, count: steps))
    multipliers.withUnsafeMutableBufferPointer { multipliers in
      losses.withUnsafeBufferPointer { losses in
        for step in 0..<steps {
          let row = step * stride
          multipliers[first + step] = losses[row + positive] - losses[row + negative]
        }
      }
      // In a loop of its own, which computes several at once.
      for index in first..<first + steps {
        multipliers[index] = settings.multiplier(of: multipliers[index])
      }
    }
  }
}
