import Testing

@testable import Randomness

/// Seeds that the reference's numbers were drawn from.
let seeds: [UInt64] = [0, 1, 2, 5, 23, 83, 88, 101, 123_456_789, 2_147_483_647]

struct PRNGKeyTests {
  @Test func coversEverySeedOfTheReference() throws {
    #expect(try ReferenceDraws()("PRNGKey").names == seeds.map { "\($0)" }.sorted())
  }

  @Test(arguments: seeds)
  func derivesKeysAsJAX(seed: UInt64) throws {
    let reference = try ReferenceDraws()("PRNGKey", "\(seed)")
    let key = PRNGKey(seed: seed)

    #expect(try key == reference("key").key)
    for count in [2, 3, 4, 5, 7] {
      #expect(try key.split(count) == reference("split\(count)").keys)
    }
    let folded = Threefry.encrypt(0, 17, key: key)
    #expect(try [folded.0, folded.1] == reference("fold_in_17").words)
  }

  @Test func takesBothHalvesOfASeed() {
    #expect(PRNGKey(seed: 0x0123_4567_89AB_CDEF) == PRNGKey(word0: 0x0123_4567, word1: 0x89AB_CDEF))
  }

  @Test(arguments: [1, 2, 3, 8, 9, 100, 257])
  func derivesOneRowAsTheWholeSplit(count: Int) {
    let key = PRNGKey(word0: 0xDEAD_BEEF, word1: 42)
    #expect(key.split(count) == keys(ofWords: key.bits(2 * count)))
    #expect((0..<count).map { key.split(count, at: $0) } == key.split(count))
  }

  @Test(arguments: seeds)
  func splitsInTwoAndThreeAlike(seed: UInt64) {
    let key = PRNGKey(seed: seed).split(5, at: 3)
    let two = key.split()
    let three = key.split3()
    #expect([two.0, two.1] == key.split(2))
    #expect([three.0, three.1, three.2] == key.split(3))
  }

  @Test func dependsOnTheCount() {
    let key = PRNGKey(seed: 0)
    #expect(key.split(2)[0] != key.split(3)[0])
    #expect(key.split(0).isEmpty)
  }

  @Test(
    arguments: [
      ("int_0", 0), ("int_23", 23), ("key_23", 23), ("int_101", 101),
    ] as [(String, UInt64)])
  func sequencesAsHaiku(name: String, seed: UInt64) throws {
    let expected = try ReferenceDraws()("haiku_PRNGSequence", name).keys
    var sequence = PRNGSequence(PRNGKey(seed: seed))
    #expect(expected.map { _ in sequence.next() } == expected)
  }

  @Test func splitsAsHaikuReserves() throws {
    let rows = PRNGKey(seed: 23).split(5)
    var sequence = PRNGSequence(rows[0])
    let expected = try ReferenceDraws()("haiku_PRNGSequence", "int_23_after_reserve4").keys
    #expect(rows.dropFirst() + [sequence.next(), sequence.next()] == expected)
  }

  /// Pairs up words, which is what a split's layout comes to.
  private func keys(ofWords words: [UInt32]) -> [PRNGKey] {
    stride(from: 0, to: words.count, by: 2).map {
      PRNGKey(word0: words[$0], word1: words[$0 + 1])
    }
  }
}
