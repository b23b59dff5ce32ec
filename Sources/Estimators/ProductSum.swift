/// A block's window where each step of a particle gives a multiplier of a direction: (L⁺ − L⁻)/(2σ²)
/// of its noise, or the loss's derivative along the direction.
public struct ProductSum: BlockSum {
  /// Of each particle: one a step, or one for the window.
  public private(set) var multipliers: [[Float]]
  public var totals = WindowTotals()

  public init(particleCount: Int, thetaCount: Int) {
    multipliers = Array(repeating: [], count: particleCount)
  }

  public mutating func clear() {
    for particle in multipliers.indices { multipliers[particle].removeAll(keepingCapacity: true) }
    totals.clear()
  }

  /// Adds a multiplier to each particle's.
  public mutating func add(_ multipliers: [Float]) {
    for (particle, multiplier) in multipliers.enumerated() {
      self.multipliers[particle].append(multiplier)
    }
  }

  /// Adds to each particle's multipliers those of steps: (L⁺ − L⁻)/(2σ²).
  public mutating func addMultipliers(of losses: LossRows, settings: EstimatorSettings) {
    for particle in multipliers.indices {
      losses.appendMultipliers(
        of: particle, among: multipliers.count, settings: settings,
        to: &multipliers[particle])
    }
  }

  /// Adds to each particle's multipliers the number that a step has for it.
  mutating func add(rows: LossRows) {
    for particle in multipliers.indices { rows.append(particle, to: &multipliers[particle]) }
  }

  /// Σ over steps of Σ over particles of multiplier · direction.
  ///
  /// The order is the reference's, which steps all particles side by side, so that sums have its
  /// rounding.
  public static func gradient(
    of sums: ArraySlice<ProductSum>, directions: ArraySlice<Directions>, count: Int
  ) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    let steps = sums.first?.multipliers.first?.count ?? 0
    let length = min(steps, max(1, SumOfProducts.cachedCount / max(1, count)))
    var products = SumOfProducts(parameterCount: count, length: length)
    var start = 0
    while start < steps {
      products.reset(to: start..<min(start + length, steps))
      for (sum, directions) in zip(sums, directions) {
        products.add(sum.multipliers.span, directions.particles.span)
      }
      products.addSteps(to: &gradient)
      start += length
    }
    return gradient
  }
}
