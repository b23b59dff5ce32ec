import Dispatch
import Synchronization

/// Runs many independent pieces of work on a fixed number of threads.
///
/// Each thread has private resources (a simulator's memory, buffers), its scratch. Threads take
/// the next piece as they become free, so which thread runs a piece depends on timing; results must
/// therefore depend on the piece alone, and then they are the same for any number of threads.
public struct WorkerPool: Sendable {
  /// Number of threads that work side by side.
  public let threadCount: Int
  /// Asked before each piece of work.
  public let cancellation: Cancellation
  /// Told, from any thread, by what starts particles with episodes of their own: how many more have run
  /// the first. An error ends it.
  package var didStart: (@Sendable (_ particleCount: Int) throws -> Void)?
  /// The processes among which evaluations are shared out; nil for this one alone.
  package var exchange: (any Exchange)?

  /// A pool of `threadCount` threads; at least 1.
  public init(threadCount: Int, cancellation: Cancellation = .never) {
    precondition(threadCount > 0, "a pool needs a thread")
    self.threadCount = threadCount
    self.cancellation = cancellation
  }

  /// Calls `body` once for each element, in one parallel section.
  ///
  /// - Parameters:
  ///   - elements: The pieces of work; each is updated in place by one call.
  ///   - scratches: `threadCount` of them, one for each thread.
  ///   - body: Receives the element's index, the element and the thread's scratch.
  /// - Throws: `CancellationError` once the pool's ``cancellation`` asks for the end, and the error of
  ///   the smallest index that fails, for any number of threads: indices are
  ///   handed out in order, so all smaller ones have begun and report before the section ends.
  ///   Elements that no thread had begun by then are left as they were.
  public func update<Element, Scratch>(
    _ elements: inout [Element], scratches: inout [Scratch],
    _ body: (_ index: Int, _ element: inout Element, _ scratch: inout Scratch) throws -> Void
  ) throws {
    precondition(scratches.count == threadCount, "one scratch for each thread")
    let count = elements.count
    if threadCount == 1 || count <= 1 {
      for index in 0..<count {
        try cancellation.check()
        try body(index, &elements[index], &scratches[0])
      }
      return
    }
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    elements.withUnsafeMutableBufferPointer { elements in
      scratches.withUnsafeMutableBufferPointer { scratches in
        withoutActuallyEscaping(body) { body in
          // Safe: an element's index is handed out once and a thread's index runs once, so no two
          // threads touch the same memory, and the parallel section ends before this scope does.
          nonisolated(unsafe) let elements = elements
          nonisolated(unsafe) let scratches = scratches
          nonisolated(unsafe) let body = body
          let next = Atomic(0)
          DispatchQueue.concurrentPerform(iterations: threadCount) { thread in
            while true {
              let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
              guard index < count else { return }
              do {
                try cancellation.check()
                try body(index, &elements[index], &scratches[thread])
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
