/// What one block's window gave.
public struct DerivativeSum: Sendable {
  /// Σ over the block's particles and over steps of their parts of the gradient.
  public var gradient: [Float]
  /// Σ of the losses of each particle.
  public var losses: [Double]

  public init(particleCount: Int, thetaCount: Int) {
    gradient = [Float](repeating: 0, count: thetaCount)
    losses = [Double](repeating: 0, count: particleCount)
  }

  /// Back to nothing, keeping the memory.
  mutating func clear() {
    for index in gradient.indices { gradient[index] = 0 }
    for index in losses.indices { losses[index] = 0 }
  }

  /// Adds `steps` rows of losses, `width` apart; number i of a row is of particle `particles[i]`.
  mutating func add(losses rows: [Float], steps: Int, width: Int, of particles: [Int]) {
    var sums = [Double](repeating: 0, count: particles.count)
    var total = sums.mutableSpan
    let rows = rows.span
    for step in 0..<steps {
      let row = rows.extracting(step * width..<step * width + total.count)
      for index in row.indices { total[index] += Double(row[index]) }
    }
    for (particle, sum) in zip(particles, sums) { losses[particle] += sum }
  }

  /// Adds Σ over steps of Σ over the block's particles of L̇ · direction, in float32 and in this
  /// order, which is the reference's where one block holds all particles.
  ///
  /// - Parameters:
  ///   - lossTangents: `steps` rows of L̇, `width` apart.
  ///   - directions: θ-rows.
  mutating func add(lossTangents: [Float], steps: Int, width: Int, directions: [Float]) {
    let particleCount = losses.count
    let thetaCount = gradient.count
    var gradient = self.gradient.mutableSpan
    let (lossTangents, directions) = (lossTangents.span, directions.span)
    for step in 0..<steps {
      let row = lossTangents.extracting(step * width..<step * width + particleCount)
      for index in 0..<thetaCount {
        var sum: Float = 0
        for particle in row.indices {
          sum += directions[particle * thetaCount + index] * row[particle]
        }
        gradient[index] += sum
      }
    }
  }
}
