/// The matrix Σ multiplier · direction over particles, of parameters and some steps.
struct ProductMatrix {
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

  /// Adds a block's products, particle after particle.
  mutating func add(_ multipliers: [[Float]], _ directions: [[Directions.Stretch]]) {
    let (multipliers, directions) = (multipliers.span, directions.span)
    for particle in multipliers.indices {
      add(multipliers[particle].span, directions[particle].span)
    }
  }

  private mutating func add(_ multipliers: Span<Float>, _ directions: Span<Directions.Stretch>) {
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
    let values = values.span
    for parameter in gradient.indices {
      // In a register: through memory each step would wait for the last one's store.
      var sum = gradient[parameter]
      for step in 0..<steps.count { sum += values[parameter * parameterStride + step * stepStride] }
      gradient[parameter] = sum
    }
  }
}
