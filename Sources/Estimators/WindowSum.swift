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

  init(particleCount: Int) {
    contributions = Array(repeating: Contributions(), count: particleCount)
    losses = Array(repeating: 0, count: 2 * particleCount)
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

  /// Says what each particle's multipliers multiply from the next one on.
  public mutating func use(_ directions: [[Float]]) {
    for particle in directions.indices { use(directions[particle], for: particle) }
  }

  /// Adds a multiplier to each particle's.
  public mutating func add(_ multipliers: [Float]) {
    for (particle, multiplier) in multipliers.enumerated() {
      contributions[particle].multipliers.append(multiplier)
    }
  }

  /// Adds to each particle's multipliers those of steps: (L⁺ − L⁻)/(2σ²).
  public mutating func addMultipliers(of losses: LossRows, settings: EstimatorSettings) {
    for particle in contributions.indices {
      losses.appendMultipliers(
        of: particle, among: contributions.count, settings: settings,
        to: &contributions[particle].multipliers)
    }
  }

  /// Adds losses to the trajectories' sums, step by step.
  mutating func add(_ losses: LossRows) { losses.add(to: &self.losses) }

  /// Appends ``losses`` in the order of particles: of θ + ε and of θ − ε of the first, ….
  func appendLosses(to pairs: inout [Double]) {
    for particle in contributions.indices {
      pairs.append(losses[particle])
      pairs.append(losses[contributions.count + particle])
    }
  }
}
