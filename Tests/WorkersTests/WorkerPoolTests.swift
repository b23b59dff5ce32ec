import Dispatch
import Foundation
import Synchronization
import Testing
import Workers

/// One after the other: sections side by side would leave each other one scratch.
@Suite(.serialized)
struct WorkerPoolTests {
  static let threadCounts = [1, 2, 3, 7]

  private struct Failure: Error, Equatable { var index: Int }

  /// What a scratch met; only one piece of work may hold it at a time.
  private struct Scratch {
    var isBusy = false
    var overlaps = 0
    var pieces = 0
  }

  @Test(arguments: threadCounts, [0, 1, 2, 3, 20_000])
  func everyElementOnce(_ threadCount: Int, _ count: Int) throws {
    let pool = WorkerPool(threadCount: threadCount)
    var elements = [Int](repeating: 0, count: count)
    var scratches = [Scratch](repeating: Scratch(), count: threadCount)
    let met = Atomic(0)
    try pool.update(&elements, scratches: &scratches) { index, element, scratch in
      // Two scratches wait awake for each other, so that they do reach for the rest at once.
      if threadCount > 1, count > 1, index < 2 {
        let deadline = ContinuousClock.now + .seconds(1)
        met.add(1, ordering: .relaxed)
        while met.load(ordering: .relaxed) < 2, ContinuousClock.now < deadline {}
      }
      element += index + 1
      scratch.pieces += 1
    }
    #expect(elements == Array(1..<count + 1))
    #expect(scratches.reduce(0) { $0 + $1.pieces } == count)
  }

  @Test(arguments: threadCounts)
  func scratchesAreNeverShared(_ threadCount: Int) throws {
    var elements = [Int](repeating: 0, count: 60)
    var scratches = [Scratch](repeating: Scratch(), count: threadCount)
    let most = Mutex((running: 0, most: 0))
    try WorkerPool(threadCount: threadCount).update(&elements, scratches: &scratches) {
      _, _, scratch in
      if scratch.isBusy { scratch.overlaps += 1 }
      scratch.isBusy = true
      most.withLock {
        $0.running += 1
        $0.most = max($0.most, $0.running)
      }
      Thread.sleep(forTimeInterval: 0.000_5)
      most.withLock { $0.running -= 1 }
      scratch.isBusy = false
    }
    #expect(scratches.allSatisfy { $0.overlaps == 0 && !$0.isBusy })
    #expect(most.withLock { $0.most } <= threadCount)
  }

  /// Indices are handed out in order, so whoever meets an error knows that each smaller index has
  /// begun and will report its own: the smallest failing index wins even if it fails last.
  @Test(arguments: threadCounts)
  func errorOfTheSmallestIndex(_ threadCount: Int) {
    var elements = [Int](repeating: 0, count: 50)
    var scratches = [Int](repeating: 0, count: threadCount)
    let later = DispatchSemaphore(value: 0)
    #expect(throws: Failure(index: 11)) {
      try WorkerPool(threadCount: threadCount).update(&elements, scratches: &scratches) {
        index, element, _ in
        if index == 11, threadCount > 1 {
          _ = later.wait(timeout: .now() + 1)
          Thread.sleep(forTimeInterval: 0.01)
        }
        if index > 11 { later.signal() }
        if index >= 11 { throw Failure(index: index) }
        element = 1
      }
    }
    #expect(elements == (0..<50).map { $0 < 11 ? 1 : 0 })
  }

  @Test(arguments: threadCounts)
  func anErrorStopsTheRest(_ threadCount: Int) {
    var elements = [Bool](repeating: false, count: 100_000)
    var scratches = [Int](repeating: 0, count: threadCount)
    #expect(throws: Failure(index: 0)) {
      try WorkerPool(threadCount: threadCount).update(&elements, scratches: &scratches) {
        index, element, _ in
        element = true
        if index == 0 { throw Failure(index: 0) }
        Thread.sleep(forTimeInterval: 0.000_2)
      }
    }
    #expect(elements.count { $0 } < 50_000)
  }

  @Test(arguments: threadCounts)
  func aCancellationEndsTheWorkBetweenPieces(_ threadCount: Int) {
    let begun = Atomic(0)
    let isRequested = Mutex(false)
    let pool = WorkerPool(
      threadCount: threadCount, cancellation: Cancellation { isRequested.withLock { $0 } })
    var elements = [Bool](repeating: false, count: 1000)
    var scratches = [Int](repeating: 0, count: threadCount)
    #expect(throws: CancellationError.self) {
      try pool.update(&elements, scratches: &scratches) { index, element, _ in
        begun.add(1, ordering: .relaxed)
        if index == 10 { isRequested.withLock { $0 = true } }
        if index >= 10 { Thread.sleep(forTimeInterval: 0.001) }
        element = true
      }
    }
    // What has begun is done.
    #expect(elements.count { $0 } == begun.load(ordering: .relaxed))
    #expect((11...500).contains(begun.load(ordering: .relaxed)))
  }

  @Test func aPoolServesAgainAfterAnError() throws {
    let pool = WorkerPool(threadCount: 2)
    var elements = Array(0..<20)
    var scratches = [0, 0]
    #expect(throws: Failure.self) {
      try pool.update(&elements, scratches: &scratches) { index, _, _ in throw Failure(index: index)
      }
    }
    try pool.update(&elements, scratches: &scratches) { _, element, _ in element *= 2 }
    #expect(elements == Array(stride(from: 0, to: 40, by: 2)))
  }
}
