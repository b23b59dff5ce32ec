/// NumPy's default generator, `numpy.random.Generator(PCG64(SeedSequence(seed)))`, bit for bit.
///
/// PCG XSL-RR 128/64 of O'Neill ("PCG: A family of simple fast space-efficient statistically good
/// algorithms for random number generation", 2014). Gymnasium's environments draw their start
/// states from it.
public struct PCG64: Hashable, Sendable {
  private(set) var state: UInt128
  let increment: UInt128

  /// Makes the generator of a seed.
  public init(seed: UInt32) {
    var words = SeedSequence(seed: seed)
    let start = UInt128(high: words.next(), low: words.next())
    increment = UInt128(high: words.next(), low: words.next()) << 1 | 1
    state = 0
    step()
    state &+= start
    step()
  }

  /// Draws 64 random bits.
  public mutating func next() -> UInt64 {
    step()
    let folded = state.high ^ state.low
    let rotation = state.high >> 58
    return folded &>> rotation | folded &<< (64 &- rotation)
  }

  /// Draws a number uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func nextDouble() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Draws a number uniform in [low, high), `Generator.uniform(low, high)`.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * nextDouble()
  }

  private mutating func step() {
    state = state &* 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645 &+ increment
  }
}

extension PCG64: Codable {
  /// Reads the state's two halves and the increment's two halves, high before low.
  public init(from decoder: any Decoder) throws {
    var words = try decoder.unkeyedContainer()
    state = try UInt128(high: words.decode(UInt64.self), low: words.decode(UInt64.self))
    increment = try UInt128(high: words.decode(UInt64.self), low: words.decode(UInt64.self))
    guard words.isAtEnd, increment & 1 == 1 else {
      throw DecodingError.dataCorruptedError(
        in: words, debugDescription: "A PCG64 has four words, and the last is odd.")
    }
  }

  /// Writes the state's two halves and the increment's two halves, high before low.
  public func encode(to encoder: any Encoder) throws {
    var words = encoder.unkeyedContainer()
    for word in [state.high, state.low, increment.high, increment.low] { try words.encode(word) }
  }
}

extension UInt128 {
  fileprivate init(high: UInt64, low: UInt64) {
    self = UInt128(high) << 64 | UInt128(low)
  }

  fileprivate var high: UInt64 { UInt64(truncatingIfNeeded: self >> 64) }
  fileprivate var low: UInt64 { UInt64(truncatingIfNeeded: self) }
}
