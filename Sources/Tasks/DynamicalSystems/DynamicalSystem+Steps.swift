public import Differentiation
import Unrolls

// Many steps, where a system has no kernel.
extension DynamicalSystem {
  public func advance<Block: Lanes>(
    _ values: inout MutableSpan<Block>, coefficients: Span<Block>, steps: Int,
    history: inout MutableSpan<Block>, losses: inout MutableSpan<Float>
  ) {
    let keeps = !history.isEmpty
    for step in 0..<steps {
      if keeps { history.copy(values.span, at: step * values.count) }
      advance(&values, coefficients: coefficients)
      let loss: Block = self.loss(values.span)
      loss.store(to: step, of: &losses)
    }
    if keeps { history.copy(values.span, at: steps * values.count) }
  }

  public func advance(
    _ values: inout MutableSpan<Dual<SIMD16<Float>>>, coefficients: Span<Dual<SIMD16<Float>>>,
    steps: Int, losses: inout MutableSpan<Float>, lossTangents: inout MutableSpan<Float>
  ) {
    for step in 0..<steps {
      advance(&values, coefficients: coefficients)
      let loss: Dual<SIMD16<Float>> = self.loss(values.span)
      loss.value.store(to: step, of: &losses)
      loss.tangent.store(to: step, of: &lossTangents)
    }
  }

  public func addLosses(
    _ values: inout [SIMD16<Float>], coefficients: [SIMD16<Float>], steps: Int,
    to sums: inout [SIMD16<Float>]
  ) {
    for block in sums.indices {
      let place = block * valueCount..<(block + 1) * valueCount
      var state = Array(values[place])
      var span = state.mutableSpan
      let given = coefficients.span.extracting(
        block * coefficientCount..<(block + 1) * coefficientCount)
      for _ in 0..<steps {
        advance(&span, coefficients: given)
        sums[block] = sums[block] + loss(span.span)
      }
      values.replaceSubrange(place, with: state)
    }
  }
}

extension MutableSpan where Element: BitwiseCopyable {
  @inline(__always)
  fileprivate mutating func copy(_ row: Span<Element>, at first: Int) {
    for index in row.indices { self[first + index] = row[index] }
  }
}
