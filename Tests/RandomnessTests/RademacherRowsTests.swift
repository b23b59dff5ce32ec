import Testing

@testable import Randomness

/// Parts of a draw of signs.
struct RademacherRowsTests {
  @Test(arguments: [1, 2, 7, 8, 33, 64]) func anyPartIsThatOfTheWhole(_ count: Int) {
    let key = PRNGKey(seed: 17)
    let whole = key.rademacher(count)
    for lower in 0...count {
      for upper in lower...count {
        #expect(key.rademacher(lower..<upper, of: count) == Array(whole[lower..<upper]))
      }
    }
  }

  @Test func wordsAreThoseOfTheirIndices() {
    let key = PRNGKey(seed: 3)
    for count in [1, 5, 12] {
      let words = Threefry.words(0..<count, of: count, key: key)
      #expect(words == (0..<count).map { Threefry.word($0, of: count, key: key) })
    }
  }
}
