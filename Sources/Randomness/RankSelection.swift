/// Replaces each rank by the index that the word of this rank has among `words`, without sorting
/// all of them. Of equal words, the first ranks first.
///
/// Words are counted by their upper bits; only those that share these bits with a word asked for are
/// sorted. That is quick for words which are spread evenly, as random words are.
func replaceRanks(_ ranks: inout [Int32], byIndicesIn words: [UInt32]) {
  let valid = 0..<Int32(words.count)
  precondition(ranks.allSatisfy(valid.contains), "ranks of \(words.count) words")
  // Some four to eight words a bucket, within reason.
  let bits = min(max(words.count.bitWidth - words.count.leadingZeroBitCount - 3, 4), 16)
  let bucketCount = 1 << bits
  let shift = UInt32(32 - bits)
  words.withUnsafeBufferPointer { words in
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * bucketCount + 1) { memory in
      // The rank of each bucket's first word; of all words at the end.
      let starts = UnsafeMutableBufferPointer(rebasing: memory[...bucketCount])
      starts.initialize(repeating: 0)
      for word in words { starts[Int(word &>> shift) + 1] &+= 1 }
      for bucket in 0..<bucketCount { starts[bucket + 1] &+= starts[bucket] }

      // Where the next word of each bucket is to be put; nowhere, for those not asked for.
      let places = UnsafeMutableBufferPointer(rebasing: memory[(bucketCount + 1)...])
      places.initialize(repeating: -1)
      var regions: [Range<Int>] = []
      regions.reserveCapacity(ranks.count)
      var itemCount = 0
      let buckets = ranks.map { rank in
        let bucket = lastIndex(in: starts, notAbove: rank)
        if places[bucket] < 0 {
          places[bucket] = Int32(itemCount)
          let count = Int(starts[bucket + 1] - starts[bucket])
          regions.append(itemCount..<itemCount + count)
          itemCount += count
        }
        return bucket
      }
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: itemCount) { items in
        for index in words.indices {
          let bucket = Int(words[index] &>> shift)
          let place = places[bucket]
          guard place >= 0 else { continue }
          items[Int(place)] = UInt64(words[index]) << 32 | UInt64(index)
          places[bucket] = place &+ 1
        }
        for region in regions { items[region].sort() }
        for (index, bucket) in buckets.enumerated() {
          // The place is now behind the bucket's last word, whose rank is the next one's start less 1.
          let item = items[Int(places[bucket] - starts[bucket + 1] + ranks[index])]
          ranks[index] = Int32(truncatingIfNeeded: item)
        }
      }
    }
  }
}

/// The last index of a value ≤ `limit`, of values that ascend from one that is.
private func lastIndex(in values: UnsafeMutableBufferPointer<Int32>, notAbove limit: Int32) -> Int {
  var low = 0
  var high = values.count
  while high - low > 1 {
    let middle = (low + high) / 2
    if values[middle] <= limit { low = middle } else { high = middle }
  }
  return low
}

/// The indices of the `count` smallest of `words`, the smallest first. Of equal words, the first comes
/// first.
///
/// A word so large that random ones below it are almost surely enough is the limit of those looked at.
func indices(ofSmallest count: Int, in words: [UInt32]) -> [Int32] {
  let enough = Double(count) + 6 * Double(count).squareRoot() + 8
  let limit = UInt32(min(enough / Double(words.count), 1) * Double(UInt32.max))
  var items: [UInt64] = []
  items.reserveCapacity(2 * count + 64)
  words.withUnsafeBufferPointer { words in
    for index in words.indices where words[index] <= limit {
      items.append(UInt64(words[index]) << 32 | UInt64(index))
    }
  }
  guard items.count >= count else {
    var ranks = (0..<Int32(count)).map { $0 }
    replaceRanks(&ranks, byIndicesIn: words)
    return ranks
  }
  items.sort()
  return items.prefix(count).map { Int32(truncatingIfNeeded: $0) }
}
