import Dispatch
import Synchronization

/// Runs many independent pieces of work on a fixed number of lanes.
///
/// A lane is one thread's private resources (a simulator's scratch memory, buffers). Lanes take
/// the next piece as they become free, so which lane runs a piece depends on timing; results must
/// therefore depend on the piece alone, and then they are the same for any number of lanes.
public struct WorkerPool: Sendable {
  /// Number of lanes: threads that work side by side.
  public let laneCount: Int

  /// A pool of `laneCount` lanes; at least 1.
  public init(laneCount: Int) {
    precondition(laneCount > 0, "a pool needs a lane")
    self.laneCount = laneCount
  }

  /// Calls `body` once for each element, in one parallel section.
  ///
  /// - Parameters:
  ///   - elements: The pieces of work; each is updated in place by one call.
  ///   - lanes: One resource for each lane; `laneCount` of them.
  ///   - body: Receives the element's index, the element and the lane's resource.
  /// - Throws: The error of the smallest index that fails, for any number of lanes: indices are
  ///   handed out in order, so all smaller ones have begun and report before the section ends.
  ///   Elements that no lane had begun by then are left as they were.
  public func update<Element, Lane>(
    _ elements: inout [Element], lanes: inout [Lane],
    _ body: (_ index: Int, _ element: inout Element, _ lane: inout Lane) throws -> Void
  ) throws {
    precondition(lanes.count == laneCount, "one resource for each lane")
    let count = elements.count
    if laneCount == 1 || count <= 1 {
      for index in 0..<count { try body(index, &elements[index], &lanes[0]) }
      return
    }
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    elements.withUnsafeMutableBufferPointer { elements in
      lanes.withUnsafeMutableBufferPointer { lanes in
        withoutActuallyEscaping(body) { body in
          // Safe: an element's index is handed out once and a lane's index runs once, so no two
          // threads touch the same memory, and the parallel section ends before this scope does.
          nonisolated(unsafe) let elements = elements
          nonisolated(unsafe) let lanes = lanes
          nonisolated(unsafe) let body = body
          let next = Atomic(0)
          DispatchQueue.concurrentPerform(iterations: laneCount) { lane in
            while true {
              let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
              guard index < count else { return }
              do {
                try body(index, &elements[index], &lanes[lane])
              } catch {
                failure.withLock { first in
                  if index < first?.index ?? count { first = (index, error) }
                }
                next.store(count, ordering: .relaxed)
              }
            }
          }
        }
      }
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
  }
}
