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
  /// Numbers that stay in a core's fast memory.
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
  mutating func add(_ contributions: WindowSum.Contributions) {
    contributions.multipliers.withUnsafeBufferPointer { multipliers in
      for index in contributions.directions.indices {
        let next = index + 1
        let last =
          next < contributions.directions.count
          ? contributions.directions[next].first : multipliers.count
        let steps = (contributions.directions[index].first..<last).clamped(to: steps)
        if steps.isEmpty { continue }
        contributions.directions[index].direction.withUnsafeBufferPointer {
          add(UnsafeBufferPointer(rebasing: multipliers[steps]), $0, from: steps.lowerBound)
        }
      }
    }
  }

  /// Adds the products of the multipliers of steps from `first` on and one direction.
  private mutating func add(
    _ multipliers: UnsafeBufferPointer<Float>, _ direction: UnsafeBufferPointer<Float>,
    from first: Int
  ) {
    let offset = first - steps.lowerBound
    if hasStepsInside {
      add(rows: direction, columns: multipliers, at: offset, stride: steps.count)
    } else {
      add(
        rows: multipliers, columns: direction, at: offset * parameterCount, stride: parameterCount)
    }
  }

  /// Adds the outer product.
  private mutating func add(
    rows: UnsafeBufferPointer<Float>, columns: UnsafeBufferPointer<Float>, at offset: Int,
    stride: Int
  ) {
    values.withUnsafeMutableBufferPointer { values in
      for row in rows.indices {
        let factor = rows[row]
        let start = offset + row * stride
        for column in columns.indices { values[start + column] += factor * columns[column] }
      }
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
