extension [WindowSum] {
  /// Σ over steps of Σ over particles of multiplier · direction, in float32 and in this order.
  ///
  /// The order is the reference's, which steps all particles side by side, so that sums have its
  /// rounding; and it is one order, so that they are the same for any number of threads.
  ///
  /// - Parameter count: θ's size.
  func gradient(count: Int) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    let steps = first?.count ?? 0
    let length = Swift.min(steps, Swift.max(1, SumOfProducts.cachedCount / Swift.max(1, count)))
    var products = SumOfProducts(parameterCount: count, length: length)
    var start = 0
    while start < steps {
      products.reset(to: start..<Swift.min(start + length, steps))
      for block in indices { self[block].add(to: &products) }
      products.addSteps(to: &gradient)
      start += length
    }
    return gradient
  }
}

extension WindowSum {
  fileprivate func add(to products: inout SumOfProducts) {
    let contributions = contributions.span
    for particle in contributions.indices { products.add(contributions[particle]) }
  }
}

/// The matrix Σ multiplier · direction over particles, of parameters and some steps.
private struct SumOfProducts {
  /// How many numbers stay in a core's fast memory.
  static let cachedCount = 8192

  private let parameterCount: Int
  /// Whether steps are the inner index, so that the longer loop is the inner one.
  private let hasStepsInside: Bool
  private var steps = 0..<0
  private var values: [Float]

  init(parameterCount: Int, length: Int) {
    self.parameterCount = parameterCount
    hasStepsInside = length > parameterCount
    values = [Float](repeating: 0, count: parameterCount * length)
  }

  mutating func reset(to steps: Range<Int>) {
    self.steps = steps
    for index in values.indices { values[index] = 0 }
  }

  /// Adds a particle's products.
  mutating func add(_ contributions: borrowing WindowSum.Contributions) {
    let multipliers = contributions.multipliers.span
    let directions = contributions.directions.span
    var end = multipliers.count
    // From the last one, whose steps end where the one after it begins.
    for index in directions.indices.reversed() {
      let first = directions[index].first
      let steps = (first..<end).clamped(to: steps)
      end = first
      if steps.isEmpty { continue }
      let offset = steps.lowerBound - self.steps.lowerBound
      let multipliers = multipliers.extracting(steps)
      let direction = directions[index].direction.span
      if hasStepsInside {
        add(rows: direction, columns: multipliers, at: offset, stride: self.steps.count)
      } else {
        add(
          rows: multipliers, columns: direction, at: offset * parameterCount,
          stride: parameterCount)
      }
    }
  }

  /// Adds the outer product.
  private mutating func add(
    rows: Span<Float>, columns: Span<Float>, at offset: Int, stride: Int
  ) {
    var values = values.mutableSpan
    for row in rows.indices {
      let factor = rows[row]
      let start = offset + row * stride
      for column in columns.indices { values[start + column] += factor * columns[column] }
    }
  }

  /// Adds each parameter's sums, step by step.
  func addSteps(to gradient: inout [Float]) {
    let (parameterStride, stepStride) =
      hasStepsInside ? (steps.count, 1) : (1, parameterCount)
    for parameter in gradient.indices {
      for step in 0..<steps.count {
        gradient[parameter] += values[parameter * parameterStride + step * stepStride]
      }
    }
  }
}
