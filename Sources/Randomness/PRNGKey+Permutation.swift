import Foundation

extension PRNGKey {
  /// Draws a permutation of 0, 1, …, count − 1, `jax.random.permutation(key, count)`.
  public func permutation(_ count: Int) -> [Int32] {
    precondition(count <= Int(Int32.max), "permutation of \(count) numbers")
    var shuffled = (0..<Int32(count)).map { $0 }
    var key = self
    for _ in 0..<shuffleRounds(count) {
      let (next, sortKey) = key.split()
      key = next
      sort(&shuffled, by: sortKey.bits(count))
    }
    return shuffled
  }

  /// Draws `count` different numbers of 0, 1, …, population − 1,
  /// `jax.random.choice(key, population, (count,), replace=False)`.
  public func choice(_ count: Int, from population: Int) -> [Int32] {
    precondition(count <= population, "choice of \(count) numbers out of \(population)")
    // Where most is chosen, sorting all is less work.
    guard count <= population / 10 else { return Array(permutation(population).prefix(count)) }
    var sortKeys: [PRNGKey] = []
    var key = self
    for _ in 0..<shuffleRounds(population) {
      let (next, sortKey) = key.split()
      key = next
      sortKeys.append(sortKey)
    }
    // What the last round puts first, the round before has put somewhere, and so on.
    guard let last = sortKeys.popLast() else { return [] }
    var places = indices(ofSmallest: count, in: last.bits(population))
    for sortKey in sortKeys.reversed() {
      replaceRanks(&places, byIndicesIn: sortKey.bits(population))
    }
    return places
  }
}

/// How often to sort by fresh 32-bit keys until ties no longer bias a permutation of `count`.
func shuffleRounds(_ count: Int) -> Int {
  Int((3 * log(Double(max(1, count))) / log(Double(UInt32.max))).rounded(.up))
}

/// Sorts `values` by `keys`, keeping the order of values whose keys are equal: a radix sort by 11,
/// 11 and 10 bits.
private func sort(_ values: inout [Int32], by keys: [UInt32]) {
  var items = zip(keys, values).map { UInt64($0) << 32 | UInt64(UInt32(bitPattern: $1)) }
  var sorted = [UInt64](repeating: 0, count: items.count)
  var slots = [Int](repeating: 0, count: 2048)
  for shift in [32, 43, 54] as [UInt64] {
    for digit in slots.indices { slots[digit] = 0 }
    for item in items { slots[Int(item >> shift & 2047)] += 1 }
    var start = 0
    for digit in slots.indices {
      (slots[digit], start) = (start, start + slots[digit])
    }
    for item in items {
      let digit = Int(item >> shift & 2047)
      sorted[slots[digit]] = item
      slots[digit] += 1
    }
    swap(&items, &sorted)
  }
  for index in values.indices { values[index] = Int32(truncatingIfNeeded: items[index]) }
}
