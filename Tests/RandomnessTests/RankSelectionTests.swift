import Testing

@testable import Randomness

struct RankSelectionTests {
  @Test("words drawn together are the words drawn one by one")
  func words() {
    let key = PRNGKey(seed: 11)
    for count in Array(0...70) + [999, 1000] {
      #expect(key.bits(count) == (0..<count).map { Threefry.word($0, of: count, key: key) })
    }
  }

  @Test(
    "a choice is the start of the permutation",
    arguments: [1, 2, 3, 17, 100, 1000, 1624, 1625, 1626, 1627, 4096, 12_000, 48_000])
  func choiceIsPrefix(population: Int) {
    let key = PRNGKey(seed: UInt64(population))
    let permutation = key.permutation(population)
    let counts = [0, 1, 2, 31, population / 20, population / 10, population / 10 + 1, population]
    for count in counts where count <= population {
      #expect(key.choice(count, from: population) == Array(permutation.prefix(count)))
    }
  }

  @Test("so it is for many keys")
  func choiceForManyKeys() {
    var key = PRNGKey(seed: 5)
    for population in stride(from: 1501, through: 2001, by: 25) {
      #expect(key.choice(100, from: population) == Array(key.permutation(population).prefix(100)))
      key = key.split().0
    }
  }

  /// Few values, so that nearly all words have equals; or all in few buckets.
  @Test(
    "equal words rank in their order", arguments: [1, 2, 5, 100, 3000], [0 as UInt32, 7, .max])
  func ties(count: Int, mask: UInt32) {
    for shift in [0, 29] as [UInt32] {
      let words = PRNGKey(seed: UInt64(count)).bits(count).map { ($0 & mask) << shift }
      let sorted = words.indices.sorted { (words[$0], $0) < (words[$1], $1) }.map { Int32($0) }
      let ranks = PRNGKey(seed: 3).randomIntegers(50, in: 0..<Int32(count))
      var found = ranks
      replaceRanks(&found, byIndicesIn: words)
      #expect(found == ranks.map { sorted[Int($0)] })
      for prefix in [0, 1, count / 2, count] {
        #expect(indices(ofSmallest: prefix, in: words) == Array(sorted.prefix(prefix)))
      }
    }
  }

  @Test("words that are not spread evenly are found as well")
  func largeWords() {
    let words = (0..<2000).map { UInt32.max - UInt32($0) }
    #expect(indices(ofSmallest: 3, in: words) == [1999, 1998, 1997])
  }
}
