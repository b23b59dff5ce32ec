/// NumPy's `SeedSequence` for a seed below 2³²: spreads a seed over as many words as are asked for.
struct SeedSequence {
  private var pool = SIMD4<UInt32>()
  private var constant: UInt32 = 0x8B51_F9DD
  private var position = 0

  init(seed: UInt32) {
    var constant: UInt32 = 0x43B0_D7E5
    func hash(_ word: UInt32) -> UInt32 {
      Self.hash(word, &constant, multiplier: 0x931E_8875)
    }

    pool[0] = hash(seed)
    for index in 1..<4 { pool[index] = hash(0) }
    for source in 0..<4 {
      for destination in 0..<4 where destination != source {
        let mixed = pool[destination] &* 0xCA01_F9DD &- hash(pool[source]) &* 0x4973_F715
        pool[destination] = mixed ^ mixed >> 16
      }
    }
  }

  /// The next 32 bits of `generate_state`.
  mutating func nextWord() -> UInt32 {
    let word = Self.hash(pool[position % 4], &constant, multiplier: 0x58F3_8DED)
    position += 1
    return word
  }

  /// The next 64 bits of `generate_state`, low word first.
  mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return UInt64(nextWord()) << 32 | low
  }

  private static func hash(
    _ word: UInt32, _ constant: inout UInt32, multiplier: UInt32
  ) -> UInt32 {
    var hashed = word ^ constant
    constant &*= multiplier
    hashed &*= constant
    return hashed ^ hashed >> 16
  }
}
