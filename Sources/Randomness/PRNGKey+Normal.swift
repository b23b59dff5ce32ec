extension PRNGKey {
  /// Draws `count` standard normal numbers, `jax.random.normal`.
  public func normal(_ count: Int) -> [Float] {
    draw(count) { inverseErrorFunction(Float(symmetric: $0)) * squareRootOfTwo }
  }

  /// Draws `range.count` normal numbers of standard deviation `scale` into `destination[range]`,
  /// without allocating.
  ///
  /// The values are those of JAX's compiled `normal(key, shape) * scale`, in which √2 · scale is
  /// one constant: multiplying ``normal(_:)`` by `scale` rounds differently in the last bit. With
  /// scale 1 both agree.
  public func fillNormal(_ destination: inout [Float], range: Range<Int>, scale: Float) {
    precondition(
      destination.indices.contains(range) || range.isEmpty,
      "range \(range) outside an array of \(destination.count) numbers")
    let factor = squareRootOfTwo * scale
    destination.withUnsafeMutableBufferPointer { buffer in
      Threefry.forEachWord(range.count, key: self) { index, word in
        buffer[range.lowerBound + index] = inverseErrorFunction(Float(symmetric: word)) * factor
      }
    }
  }

  /// Draws `count` standard normal numbers conditioned on lying in (−2, 2),
  /// `jax.random.truncated_normal(key, -2, 2)`.
  public func truncatedNormal(_ count: Int) -> [Float] {
    // erf(±2 / √2), rounded.
    let bound = Float(bitPattern: 0x3F74_5A18)
    let limit = Float(2).nextDown
    return draw(count) {
      let quantile = Float(unit: $0, width: 2 * bound, low: -bound)
      return min(max(inverseErrorFunction(quantile) * squareRootOfTwo, -limit), limit)
    }
  }
}

private let squareRootOfTwo: Float = 0x1.6A09E6p0

extension Float {
  /// A number in (−1, 1).
  @inline(__always)
  fileprivate init(symmetric word: UInt32) {
    self.init(unit: word, width: 2, low: Float(-1).nextUp)
  }
}
