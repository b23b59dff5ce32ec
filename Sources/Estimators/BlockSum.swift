import Workers

/// What one window of a block of particles gave: plain data, which can be sent and stored.
///
/// A particle's part of the gradient is a multiplier of a direction at each step, (L⁺ − L⁻)/(2σ²) of its
/// noise or the loss's derivative along the direction; or, where the direction is not to be kept, a
/// part that is added up at once.
public struct BlockSum: Codable, Sendable {
  /// Of each particle: one a step, or one for the window.
  public private(set) var multipliers: [[Float]]
  /// Σ over the block's particles and over steps of what was added up at once; empty for nothing.
  public private(set) var gradient: [Float] = []
  /// Losses and steps.
  public var totals = WindowTotals()

  /// Nothing yet.
  public init(particleCount: Int) {
    multipliers = Array(repeating: [], count: particleCount)
  }

  init(multipliers: [[Float]], gradient: [Float]) {
    (self.multipliers, self.gradient) = (multipliers, gradient)
  }

  /// Back to nothing, keeping the memory.
  public mutating func clear() {
    for particle in multipliers.indices { multipliers[particle].removeAll(keepingCapacity: true) }
    for index in gradient.indices { gradient[index] = 0 }
    totals.clear()
  }

  // MARK: Multipliers

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
        of: particle, among: multipliers.count, settings: settings, to: &multipliers[particle])
    }
  }

  /// Adds to each particle's multipliers the number that a step has for it.
  public mutating func add(rows: LossRows) {
    for particle in multipliers.indices { rows.append(particle, to: &multipliers[particle]) }
  }

  /// Whether no multipliers are left.
  var isMultiplied: Bool { multipliers.first?.isEmpty ?? true }

  /// Multiplies at once, where the block is all that is summed before others are added: on the thread
  /// that ran it, and a gradient is less to send than multipliers.
  mutating func multiply(by directions: Directions, thetaCount: Int) {
    if isMultiplied { return }
    let product = [self].gradient(of: 0..<1, [directions], count: thetaCount)
    gradient = product
    for particle in multipliers.indices { multipliers[particle].removeAll(keepingCapacity: true) }
  }

  // MARK: What is added up at once

  /// Adds the particles' gradients, a θ-row each.
  public mutating func addGradients(_ rows: [Float], thetaCount: Int) {
    makeRoom(thetaCount)
    for first in stride(from: 0, to: rows.count, by: thetaCount) {
      for index in gradient.indices { gradient[index] += rows[first + index] }
    }
  }

  /// Adds Σ over particles of a number of each times its θ-row.
  ///
  /// - Parameters:
  ///   - factors: One a particle.
  ///   - rows: θ-rows.
  public mutating func addGradients(_ factors: Span<Float>, times rows: [Float], thetaCount: Int) {
    makeRoom(thetaCount)
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

  /// Adds ``gradient`` to another.
  func addGradient(to other: inout [Float]) {
    for index in gradient.indices { other[index] += gradient[index] }
  }

  private mutating func makeRoom(_ thetaCount: Int) {
    if gradient.isEmpty { gradient = [Float](repeating: 0, count: thetaCount) }
  }
}

extension [BlockSum] {
  /// The gradient's sum over the particles of some blocks and over steps, in float32 and in one order,
  /// so that it is the same for any number of threads and processes: multiplier · direction over
  /// particles, then over steps, which is the reference's order, then what was added up at once.
  ///
  /// - Parameters:
  ///   - blocks: The blocks, in the order of their particles.
  ///   - directions: What the multipliers of all blocks multiply.
  ///   - count: θ's size.
  ///   - threads: That may work on it, each on steps of its own.
  func gradient(
    of blocks: Range<Int>, _ directions: [Directions], count: Int, threads: Int = 1
  ) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    let steps = self[blocks.lowerBound].multipliers.first?.count ?? 0
    if steps > 0 {
      let particles = blocks.reduce(0) { $0 + self[$1].multipliers.count }
      // What takes less is done before other threads have begun.
      let threads = particles * steps * count < 1_000_000 ? 1 : threads
      let most = Swift.max(1, ProductMatrix.cachedCount / Swift.max(1, count))
      let length = Swift.min(most, (steps + threads - 1) / threads)
      var products = (0..<Swift.min(threads, (steps + length - 1) / length)).map { _ in
        ProductMatrix(parameterCount: count, length: length)
      }
      let pool = WorkerPool(threadCount: products.count)
      var scratches: [Void] = [Void](repeating: (), count: products.count)
      for start in stride(from: 0, to: steps, by: length * products.count) {
        // Nothing of it throws, and nobody asks for the end.
        try? pool.update(&products, scratches: &scratches) { index, part, _ in
          let first = Swift.min(start + index * length, steps)
          part.reset(to: first..<Swift.min(first + length, steps))
          for block in blocks {
            part.add(self[block].multipliers, directions[block].particles)
          }
        }
        for part in products { part.addSteps(to: &gradient) }
      }
    }
    for block in blocks { self[block].addGradient(to: &gradient) }
    return gradient
  }
}
