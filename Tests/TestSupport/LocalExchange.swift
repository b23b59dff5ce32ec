import Foundation
import Synchronization
import Workers

/// Processes that are threads of this one.
package final class LocalExchange: Exchange {
  package let rank: Int
  package let count: Int
  private let board: Board

  /// Where messages are left for the others.
  private final class Board: Sendable {
    private let condition = NSCondition()
    // Safe: only touched while the condition is held.
    nonisolated(unsafe) private var messages: [Int: [UInt8]] = [:]
    nonisolated(unsafe) private var readers = 0
    nonisolated(unsafe) private var round = 0

    /// Leaves a message and waits for those of all.
    func swap(_ message: [UInt8], of rank: Int, count: Int) -> [[UInt8]] {
      condition.lock()
      defer { condition.unlock() }
      while readers > 0 { condition.wait() }
      let own = round
      messages[rank] = message
      if messages.count == count {
        readers = count
        round += 1
        condition.broadcast()
      }
      while round == own { condition.wait() }
      let all = (0..<count).map { messages[$0] ?? [] }
      readers -= 1
      if readers == 0 {
        messages = [:]
        condition.broadcast()
      }
      return all
    }
  }

  private init(rank: Int, count: Int, board: Board) {
    (self.rank, self.count, self.board) = (rank, count, board)
  }

  package func broadcast(_ bytes: [UInt8]) -> [UInt8] {
    board.swap(bytes, of: rank, count: count)[0]
  }

  package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
    let all = board.swap(bytes, of: rank, count: count)
    return rank == 0 ? all : []
  }

  /// Runs `body` in each of `count` processes, and gives what it returned in the first.
  package static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (LocalExchange) throws -> Value
  ) throws -> Value {
    let board = Board()
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      let thread = Thread {
        let result = Result { try body(LocalExchange(rank: rank, count: count, board: board)) }
        results.withLock { $0[rank] = result }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    guard let first = results.withLock({ $0[0] }) else { throw CancellationError() }
    return try first.get()
  }
}
