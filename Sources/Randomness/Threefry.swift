import CKernels

/// The Threefry-2x32 block function with 20 rounds (Salmon et al., "Parallel random numbers: as
/// easy as 1, 2, 3", SC 2011), and the counter layout JAX lays over it.
///
/// JAX pairs the counters 0, 1, …, n − 1 by halves: pair j holds counters j and j + ⌈n / 2⌉, and
/// the output lists the first words of all pairs, then the second words. An odd n is padded with
/// one counter 0, whose output is dropped. So output i depends on n.
enum Threefry {
  /// Encrypts one pair of counters under `key`.
  @inline(__always)
  static func encrypt(_ first: UInt32, _ second: UInt32, key: PRNGKey) -> (UInt32, UInt32) {
    let word2 = key.word0 ^ key.word1 ^ 0x1BD1_1BDA
    var x = first &+ key.word0
    var y = second &+ key.word1

    rotateEven(&x, &y)
    x &+= key.word1
    y &+= word2 &+ 1
    rotateOdd(&x, &y)
    x &+= word2
    y &+= key.word0 &+ 2
    rotateEven(&x, &y)
    x &+= key.word0
    y &+= key.word1 &+ 3
    rotateOdd(&x, &y)
    x &+= key.word1
    y &+= word2 &+ 4
    rotateEven(&x, &y)
    x &+= word2
    y &+= key.word0 &+ 5
    return (x, y)
  }

  /// Output words `index` and `index + ⌈count / 2⌉` of the `count` words drawn under `key`; when
  /// `count` is odd, the second word of the last pair is padding.
  @inline(__always)
  static func pair(_ index: Int, of count: Int, key: PRNGKey) -> (UInt32, UInt32) {
    let second = index + (count + 1) / 2
    return encrypt(
      UInt32(truncatingIfNeeded: index), second < count ? UInt32(truncatingIfNeeded: second) : 0,
      key: key)
  }

  /// Output word `index` of the `count` words drawn under `key`.
  static func word(_ index: Int, of count: Int, key: PRNGKey) -> UInt32 {
    let half = (count + 1) / 2
    return index < half
      ? pair(index, of: count, key: key).0 : pair(index - half, of: count, key: key).1
  }

  /// Calls `body` with the index and value of each of the `count` words drawn under `key`, pair by
  /// pair, so not in order of index.
  @inline(__always)
  static func forEachWord(
    _ count: Int, key: PRNGKey, _ body: (_ index: Int, _ word: UInt32) -> Void
  ) {
    let half = (count + 1) / 2
    for index in 0..<half {
      let (first, second) = pair(index, of: count, key: key)
      body(index, first)
      if index + half < count { body(index + half, second) }
    }
  }

  /// Writes all words drawn under `key`, in order, to `words`.
  static func fill(_ words: UnsafeMutableBufferPointer<UInt32>, key: PRNGKey) {
    guard let start = words.baseAddress else { return }
    let half = (words.count + 1) / 2
    let wholePairs = words.count / 2
    ckernels_threefry(
      key.word0, key.word1, 0, UInt32(truncatingIfNeeded: half), wholePairs, start, start + half)
    if wholePairs < half {
      words[wholePairs] = pair(wholePairs, of: words.count, key: key).0
    }
  }

  /// Writes words `range` of the `count` drawn under `key` to `words`, which has room for them.
  static func fill(
    _ words: UnsafeMutablePointer<UInt32>, _ range: Range<Int>, of count: Int, key: PRNGKey
  ) {
    let half = (count + 1) / 2
    let firsts = range.clamped(to: 0..<half)
    let seconds = range.clamped(to: half..<max(half, count))
    // A pair's other word goes here, in a part of the stack.
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { others in
      guard let other = others.baseAddress else { return }
      for first in stride(from: firsts.lowerBound, to: firsts.upperBound, by: others.count) {
        ckernels_threefry(
          key.word0, key.word1, UInt32(truncatingIfNeeded: first),
          UInt32(truncatingIfNeeded: first + half), min(others.count, firsts.upperBound - first),
          words + (first - range.lowerBound), other)
      }
      for second in stride(from: seconds.lowerBound, to: seconds.upperBound, by: others.count) {
        ckernels_threefry(
          key.word0, key.word1, UInt32(truncatingIfNeeded: second - half),
          UInt32(truncatingIfNeeded: second), min(others.count, seconds.upperBound - second),
          other, words + (second - range.lowerBound))
      }
    }
    // The second counter of an odd count's last pair is 0.
    if count % 2 == 1, firsts.upperBound == half, let last = firsts.last {
      words[last - range.lowerBound] = pair(last, of: count, key: key).0
    }
  }

  @inline(__always)
  private static func rotateEven(_ x: inout UInt32, _ y: inout UInt32) {
    mix(&x, &y, 13)
    mix(&x, &y, 15)
    mix(&x, &y, 26)
    mix(&x, &y, 6)
  }

  @inline(__always)
  private static func rotateOdd(_ x: inout UInt32, _ y: inout UInt32) {
    mix(&x, &y, 17)
    mix(&x, &y, 29)
    mix(&x, &y, 16)
    mix(&x, &y, 24)
  }

  @inline(__always)
  private static func mix(_ x: inout UInt32, _ y: inout UInt32, _ rotation: UInt32) {
    x &+= y
    y = (y &<< rotation | y &>> (32 &- rotation)) ^ x
  }
}
