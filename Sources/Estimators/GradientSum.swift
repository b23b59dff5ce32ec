/// A block's window where the particles' parts of the gradient are added up at once: of estimators
/// that differentiate backwards, and where a direction differs from step to step.
public struct GradientSum: BlockSum {
  /// Σ over the block's particles and over steps of their parts of the gradient.
  public var gradient: [Float]
  public var totals = WindowTotals()

  public init(particleCount: Int, thetaCount: Int) {
    gradient = [Float](repeating: 0, count: thetaCount)
  }

  public mutating func clear() {
    for index in gradient.indices { gradient[index] = 0 }
    totals.clear()
  }

  /// Adds Σ over particles of a number of each times its row of θ's size.
  ///
  /// - Parameters:
  ///   - factors: One a particle.
  ///   - rows: θ-rows.
  mutating func add(_ factors: Span<Float>, times rows: [Float]) {
    let thetaCount = gradient.count
    var gradient = self.gradient.mutableSpan
    let rows = rows.span
    for index in 0..<thetaCount {
      var sum: Float = 0
      for particle in factors.indices {
        sum += rows[particle * thetaCount + index] * factors[particle]
      }
      gradient[index] += sum
    }
  }

  /// Adds the particles' gradients, a θ-row each.
  mutating func add(rows: [Float]) {
    for first in stride(from: 0, to: rows.count, by: gradient.count) {
      for index in gradient.indices { gradient[index] += rows[first + index] }
    }
  }

  /// Block after block.
  public static func gradient(
    of sums: ArraySlice<GradientSum>, directions: ArraySlice<Directions>, count: Int
  ) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    for sum in sums {
      for index in gradient.indices { gradient[index] += sum.gradient[index] }
    }
    return gradient
  }
}
