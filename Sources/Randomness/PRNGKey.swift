/// A key of JAX's `threefry2x32` generator: 64 bits from which numbers and further keys follow.
///
/// A key is a value. Drawing from it does not change it; to draw twice, split it first. All draws
/// equal those of JAX 0.4.13 (`jax_threefry_partitionable` off) bit for bit. In that scheme a
/// value depends on how many are drawn: `split(2)[0]` is not `split(3)[0]`.
public struct PRNGKey: Hashable, Sendable {
  /// The high word.
  public var word0: UInt32
  /// The low word.
  public var word1: UInt32

  /// Makes a key of its two words.
  public init(word0: UInt32, word1: UInt32) {
    self.word0 = word0
    self.word1 = word1
  }

  /// Makes the key of a seed, `jax.random.PRNGKey(seed)`: its high and its low 32 bits.
  public init(seed: UInt64) {
    word0 = UInt32(truncatingIfNeeded: seed >> 32)
    word1 = UInt32(truncatingIfNeeded: seed)
  }

  /// Derives `count` keys, `jax.random.split(key, count)`.
  public func split(_ count: Int) -> [PRNGKey] {
    (0..<count).map { split(count, at: $0) }
  }

  /// Derives two keys, `split(2)`, without allocating.
  public func split() -> (PRNGKey, PRNGKey) {
    let (a0, b0) = Threefry.encrypt(0, 2, key: self)
    let (a1, b1) = Threefry.encrypt(1, 3, key: self)
    return (PRNGKey(word0: a0, word1: a1), PRNGKey(word0: b0, word1: b1))
  }

  /// Derives three keys, `split(3)`, without allocating.
  public func split3() -> (PRNGKey, PRNGKey, PRNGKey) {
    let (a0, b0) = Threefry.encrypt(0, 3, key: self)
    let (a1, b1) = Threefry.encrypt(1, 4, key: self)
    let (a2, b2) = Threefry.encrypt(2, 5, key: self)
    return (
      PRNGKey(word0: a0, word1: a1), PRNGKey(word0: a2, word1: b0), PRNGKey(word0: b1, word1: b2)
    )
  }

  /// Derives the key `split(count)[index]` alone, at a cost that does not depend on `count`.
  public func split(_ count: Int, at index: Int) -> PRNGKey {
    precondition(0 <= index && index < count, "row \(index) of a split into \(count) keys")
    return PRNGKey(
      word0: Threefry.word(2 * index, of: 2 * count, key: self),
      word1: Threefry.word(2 * index + 1, of: 2 * count, key: self))
  }
}

extension PRNGKey: Codable {
  /// Reads `[word0, word1]`.
  public init(from decoder: any Decoder) throws {
    var words = try decoder.unkeyedContainer()
    word0 = try words.decode(UInt32.self)
    word1 = try words.decode(UInt32.self)
    guard words.isAtEnd else {
      throw DecodingError.dataCorruptedError(in: words, debugDescription: "A key has two words.")
    }
  }

  /// Writes `[word0, word1]`.
  public func encode(to encoder: any Encoder) throws {
    var words = encoder.unkeyedContainer()
    try words.encode(word0)
    try words.encode(word1)
  }
}

extension PRNGKey: CustomStringConvertible {
  public var description: String { "[\(word0), \(word1)]" }
}
