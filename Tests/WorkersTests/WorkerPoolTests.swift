import Foundation
import Synchronization
import Testing
import Workers

struct WorkerPoolTests {
  static let laneCounts = [1, 2, 3, 7]

  private struct Failure: Error, Equatable { var index: Int }

  /// What a lane met; only one piece of work may hold it at a time.
  private struct Lane {
    var isBusy = false
    var overlaps = 0
    var pieces = 0
  }

  @Test(arguments: laneCounts, [0, 1, 2, 3, 1000])
  func everyElementOnce(_ laneCount: Int, _ count: Int) throws {
    let pool = WorkerPool(laneCount: laneCount)
    var elements = [[Int]](repeating: [], count: count)
    var lanes = [Lane](repeating: Lane(), count: laneCount)
    try pool.update(&elements, lanes: &lanes) { index, element, lane in
      element.append(index)
      lane.pieces += 1
    }
    #expect(elements == (0..<count).map { [$0] })
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
    for _ in 0..<10 {
      var elements = [Int](repeating: 0, count: 50)
      var lanes = [Int](repeating: 0, count: laneCount)
      #expect(throws: Failure(index: 11)) {
        try WorkerPool(laneCount: laneCount).update(&elements, lanes: &lanes) {
          index, element, _ in
          if index == 11 { Thread.sleep(forTimeInterval: 0.002) }
          if index >= 11 { throw Failure(index: index) }
          element = 1
        }
      }
      #expect(elements == (0..<50).map { $0 < 11 ? 1 : 0 })
    }
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
