import Dispatch
import Foundation
import Synchronization
import Testing
import Workers

/// One after the other: sections side by side would leave each other one lane.
@Suite(.serialized)
struct WorkerPoolTests {
  static let laneCounts = [1, 2, 3, 7]

  private struct Failure: Error, Equatable { var index: Int }

  /// What a lane met; only one piece of work may hold it at a time.
  private struct Lane {
    var isBusy = false
    var overlaps = 0
    var pieces = 0
  }

  @Test(arguments: laneCounts, [0, 1, 2, 3, 20_000])
  func everyElementOnce(_ laneCount: Int, _ count: Int) throws {
    let pool = WorkerPool(laneCount: laneCount)
    var elements = [Int](repeating: 0, count: count)
    var lanes = [Lane](repeating: Lane(), count: laneCount)
    let met = Atomic(0)
    try pool.update(&elements, lanes: &lanes) { index, element, lane in
      // Two lanes wait awake for each other, so that they do reach for the rest at once.
      if laneCount > 1, count > 1, index < 2 {
        let deadline = ContinuousClock.now + .seconds(1)
        met.add(1, ordering: .relaxed)
        while met.load(ordering: .relaxed) < 2, ContinuousClock.now < deadline {}
      }
      element += index + 1
      lane.pieces += 1
    }
    #expect(elements == Array(1..<count + 1))
    #expect(lanes.reduce(0) { $0 + $1.pieces } == count)
  }

  @Test(arguments: laneCounts)
  func lanesAreNeverShared(_ laneCount: Int) throws {
    var elements = [Int](repeating: 0, count: 60)
    var lanes = [Lane](repeating: Lane(), count: laneCount)
    let most = Mutex((running: 0, most: 0))
    try WorkerPool(laneCount: laneCount).update(&elements, lanes: &lanes) { _, _, lane in
      if lane.isBusy { lane.overlaps += 1 }
      lane.isBusy = true
      most.withLock {
        $0.running += 1
        $0.most = max($0.most, $0.running)
      }
      Thread.sleep(forTimeInterval: 0.000_5)
      most.withLock { $0.running -= 1 }
      lane.isBusy = false
    }
    #expect(lanes.allSatisfy { $0.overlaps == 0 && !$0.isBusy })
    #expect(most.withLock { $0.most } <= laneCount)
  }

  /// Indices are handed out in order, so whoever meets an error knows that each smaller index has
  /// begun and will report its own: the smallest failing index wins even if it fails last.
  @Test(arguments: laneCounts)
  func errorOfTheSmallestIndex(_ laneCount: Int) {
    var elements = [Int](repeating: 0, count: 50)
    var lanes = [Int](repeating: 0, count: laneCount)
    let later = DispatchSemaphore(value: 0)
    #expect(throws: Failure(index: 11)) {
      try WorkerPool(laneCount: laneCount).update(&elements, lanes: &lanes) { index, element, _ in
        if index == 11, laneCount > 1 {
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

  @Test(arguments: laneCounts)
  func anErrorStopsTheRest(_ laneCount: Int) {
    var elements = [Bool](repeating: false, count: 100_000)
    var lanes = [Int](repeating: 0, count: laneCount)
    #expect(throws: Failure(index: 0)) {
      try WorkerPool(laneCount: laneCount).update(&elements, lanes: &lanes) { index, element, _ in
        element = true
        if index == 0 { throw Failure(index: 0) }
        Thread.sleep(forTimeInterval: 0.000_2)
      }
    }
    #expect(elements.count { $0 } < 50_000)
  }

  @Test func aPoolServesAgainAfterAnError() throws {
    let pool = WorkerPool(laneCount: 2)
    var elements = Array(0..<20)
    var lanes = [0, 0]
    #expect(throws: Failure.self) {
      try pool.update(&elements, lanes: &lanes) { index, _, _ in throw Failure(index: index) }
    }
    try pool.update(&elements, lanes: &lanes) { _, element, _ in element *= 2 }
    #expect(elements == Array(stride(from: 0, to: 40, by: 2)))
  }
}
