extension PRNGKey {
  /// Draws `count` words of random bits, `jax.random.bits`.
  public func bits(_ count: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      Threefry.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), key: self)
      initializedCount = count
    }
  }

  /// Draws `count` numbers uniform in [low, high), `jax.random.uniform`.
  public func uniform(_ count: Int, in range: (low: Float, high: Float) = (0, 1)) -> [Float] {
    let width = range.high - range.low
    return draw(count) { Float(unit: $0, width: width, low: range.low) }
  }

  /// Draws `count` truths, each true with the given probability, `jax.random.bernoulli`.
  public func bernoulli(_ count: Int, probability: Float = 0.5) -> [Bool] {
    draw(count) { Float(unit: $0) < probability }
  }

  /// Draws `count` signs, −1 or +1 with equal probability, `jax.random.rademacher`.
  public func rademacher(_ count: Int) -> [Float] {
    draw(count) { Float(unit: $0) < 0.5 ? 1 : -1 }
  }

  /// Draws some of the signs of ``rademacher(_:)``: numbers `range` of `count`, to the beginning of
  /// `signs`.
  public func fillRademacher(_ signs: inout [Float], _ range: Range<Int>, of count: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    precondition(range.count <= signs.count, "room for \(range.count) signs")
    signs.withUnsafeMutableBufferPointer { signs in
      signs.withMemoryRebound(to: UInt32.self) { words in
        guard let start = words.baseAddress else { return }
        Threefry.fill(start, range, of: count, key: self)
        // A number below a half, +1, is a word whose upper bit is 0.
        for index in 0..<range.count {
          start[index] = start[index] & 0x8000_0000 | (1 as Float).bitPattern
        }
      }
    }
  }

  /// Draws `count` words and returns what `transform` makes of each.
  @inline(__always)
  func draw<Value: BitwiseCopyable>(_ count: Int, _ transform: (UInt32) -> Value) -> [Value] {
    Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      Threefry.forEachWord(count, key: self) { index, word in
        buffer.initializeElement(at: index, to: transform(word))
      }
      initializedCount = count
    }
  }
}

extension Float {
  /// A number in [0, 1), a multiple of 2⁻²³ made of the word's upper 23 bits.
  @inline(__always)
  init(unit word: UInt32) {
    self = Float(bitPattern: 0x3F80_0000 | word &>> 9) - 1
  }

  /// A number in [low, low + width). XLA fuses the multiplication and the addition.
  @inline(__always)
  init(unit word: UInt32, width: Float, low: Float) {
    self = max(low, low.addingProduct(Float(unit: word), width))
  }
}
