extension PRNGKey {
  /// Draws `count` standard normal numbers, `jax.random.normal`.
  public func normal(_ count: Int) -> [Float] {
    draw(count) { Float(normal: $0) }
  }

  /// Draws a normal number of deviation 1 around each center.
  ///
  /// The values are those of JAX's compiled `centers + normal(key, shape)`, in which the draw's last
  /// product and the sum are rounded once.
  public func normal(around centers: [Float]) -> [Float] {
    var values = centers
    Threefry.forEachWord(centers.count, key: self) { index, word in
      let deviate = Float(normal: word, factor: 1)
      values[index] = centers[index].addingProduct(deviate, Float.squareRootOfTwo)
    }
    return values
  }

  /// Draws `range.count` normal numbers of standard deviation `scale` into `destination[range]`,
  /// without allocating.
  ///
  /// The values are those of JAX's compiled `normal(key, shape) * scale`, in which √2 · scale is
  /// one constant: multiplying ``normal(_:)`` by `scale` rounds differently in the last bit. With
  /// scale 1 both agree.
  public func fillNormal(_ destination: inout [Float], range: Range<Int>, scale: Float) {
    precondition(
      range.isEmpty || destination.indices.contains(range),
      "range \(range) outside an array of \(destination.count) numbers")
    let factor = Float.squareRootOfTwo * scale
    destination.withUnsafeMutableBufferPointer { buffer in
      Threefry.forEachWord(range.count, key: self) { index, word in
        buffer[range.lowerBound + index] = Float(normal: word, factor: factor)
      }
    }
  }

  /// Draws `count` standard normal numbers conditioned on lying in (−2, 2),
  /// `jax.random.truncated_normal(key, -2, 2)`.
  public func truncatedNormal(_ count: Int) -> [Float] {
    draw(count) { Float(truncatedNormal: $0) }
  }
}

extension Float {
  fileprivate static let squareRootOfTwo: Float = 0x1.6A09E6p0

  /// A normal number by inversion of its distribution function; `factor` is √2 times the standard
  /// deviation.
  @inline(__always)
  init(normal word: UInt32, factor: Float = squareRootOfTwo) {
    let quantile = Float(unit: word, width: 2, low: Float(-1).nextUp)
    self = inverseErrorFunction(quantile) * factor
  }

  /// A standard normal number conditioned on lying in (−2, 2).
  @inline(__always)
  init(truncatedNormal word: UInt32) {
    // erf(2 / √2), rounded.
    let bound = Float(bitPattern: 0x3F74_5A18)
    let limit = Float(2).nextDown
    let quantile = Float(unit: word, width: 2 * bound, low: -bound)
    self = min(max(inverseErrorFunction(quantile) * .squareRootOfTwo, -limit), limit)
  }
}
