import Testing

@testable import Randomness

/// Parts of a draw of signs.
struct RademacherRowsTests {
  @Test(arguments: [1, 2, 7, 8, 33, 64]) func anyPartIsThatOfTheWhole(_ count: Int) {
    let key = PRNGKey(seed: 17)
    let whole = key.rademacher(count)
    for lower in 0...count {
      for upper in lower...count {
        var part = [Float](repeating: 7, count: upper - lower + 1)
        key.fillRademacher(&part, lower..<upper, of: count)
        #expect(part == whole[lower..<upper] + [7])
      }
    }
  }

  /// Parts of more than a part of the stack holds, in both halves.
  @Test(arguments: [1, 5, 12, 1023, 1500]) func wordsAreThoseOfTheirIndices(_ count: Int) {
    let key = PRNGKey(seed: 3)
    for range in [0..<count, count / 3..<count, 0..<count - count / 4] {
      var words = [UInt32](repeating: 0, count: range.count)
      words.withUnsafeMutableBufferPointer { words in
        if let start = words.baseAddress { Threefry.fill(start, range, of: count, key: key) }
      }
      #expect(words == range.map { Threefry.word($0, of: count, key: key) })
    }
  }
}
