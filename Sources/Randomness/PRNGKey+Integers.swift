extension PRNGKey {
  /// Draws one integer of `range`, `jax.random.randint(key, (), lower, upper)`.
  public func randomInteger(in range: Range<Int32>) -> Int32 {
    let (highKey, lowKey) = split()
    return Int32(
      in: range, high: Threefry.word(0, of: 1, key: highKey),
      low: Threefry.word(0, of: 1, key: lowKey))
  }

  /// Draws `count` integers of `range`, `jax.random.randint(key, (count,), lower, upper)`.
  public func randomIntegers(_ count: Int, in range: Range<Int32>) -> [Int32] {
    let (highKey, lowKey) = split()
    return zip(highKey.bits(count), lowKey.bits(count)).map {
      Int32(in: range, high: $0, low: $1)
    }
  }
}

extension Int32 {
  /// Reduces the 64-bit number `high` · 2³² + `low` to `range`, in 32-bit arithmetic that wraps:
  /// where the square of 2¹⁶ modulo the range's width overflows, so does JAX's.
  fileprivate init(in range: Range<Int32>, high: UInt32, low: UInt32) {
    precondition(!range.isEmpty, "no integer in \(range)")
    let span = UInt32(bitPattern: range.upperBound &- range.lowerBound)
    let root = 65536 % span
    let multiplier = root &* root % span
    let offset = (high % span &* multiplier &+ low % span) % span
    self = range.lowerBound &+ Int32(bitPattern: offset)
  }
}
