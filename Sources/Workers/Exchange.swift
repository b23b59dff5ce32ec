/// Processes that work on one run together. The first of them leads: it says what is to be done, and
/// gets what the others have found.
package protocol Exchange: Sendable {
  /// Which of the processes this one is: 0 ..< ``count``.
  var rank: Int { get }
  var count: Int { get }

  /// Gives what the first process has to all; what others give is ignored.
  func broadcast(_ bytes: [UInt8]) throws -> [UInt8]

  /// Brings what each process has to the first one.
  ///
  /// - Returns: That of all, in their order; nothing in the others.
  func gather(_ bytes: [UInt8]) throws -> [[UInt8]]
}

extension WorkerPool {
  /// The part of `count` pieces of work that is done here.
  package func share(of count: Int) -> Range<Int> {
    guard let exchange else { return 0..<count }
    return exchange.rank * count / exchange.count..<(exchange.rank + 1) * count / exchange.count
  }

  /// What all processes have found, of what each found of its share.
  ///
  /// - Returns: In the first process that of all, in the order of the pieces of work; in the others
  ///   what was found there.
  package func collected<Value: BitwiseCopyable>(
    _ find: () throws -> [Value]
  ) throws -> [Value] {
    guard let exchange else { return try find() }
    let found = try exchange.gather { try bytes(of: find()) }
    return exchange.rank == 0 ? found.flatMap { values(of: $0) } : []
  }

  private func bytes<Value: BitwiseCopyable>(of values: [Value]) -> [UInt8] {
    values.withUnsafeBytes(Array.init)
  }

  private func values<Value: BitwiseCopyable>(of bytes: [UInt8]) -> [Value] {
    let count = bytes.count / MemoryLayout<Value>.stride
    return Array(unsafeUninitializedCapacity: count) { values, initialized in
      UnsafeMutableRawBufferPointer(values).copyBytes(
        from: bytes.prefix(count * MemoryLayout<Value>.stride))
      initialized = count
    }
  }
}

/// What went wrong in another process.
package struct DistantError: Error, Hashable, CustomStringConvertible {
  /// What the process is called, and what it says.
  package var description: String

  package init(_ description: String) { self.description = description }
}

extension Exchange {
  /// Brings what each process finds to the first one, or what kept one from it.
  ///
  /// - Throws: In all processes, if any has failed: its own error, or else `CancellationError` where
  ///   work was to end before it was done, or else ``DistantError``.
  package func gather(_ find: () throws -> [UInt8]) throws -> [[UInt8]] {
    let own: Result<[UInt8], any Error>
    do { own = .success(try find()) } catch { own = .failure(error) }
    let message: [UInt8] =
      switch own {
      case .success(let bytes): [Outcome.done.rawValue] + bytes
      case .failure(is CancellationError): [Outcome.cancelled.rawValue]
      case .failure(let error): [Outcome.failed.rawValue] + Array("\(error)".utf8)
      }
    let all = try gather(message)
    let verdict = try broadcast(rank == 0 ? Self.verdict(of: all) : [])
    let bytes = try own.get()
    switch verdict.first.flatMap(Outcome.init) {
    case .done: return rank == 0 ? [bytes] + all.dropFirst().map { Array($0.dropFirst()) } : []
    case .cancelled: throw CancellationError()
    default: throw DistantError(String(decoding: verdict.dropFirst(), as: UTF8.self))
    }
  }

  private static func verdict(of messages: [[UInt8]]) -> [UInt8] {
    let failed = messages.enumerated().first { $1.first == Outcome.failed.rawValue }
    if let (rank, message) = failed {
      let text = String(decoding: message.dropFirst(), as: UTF8.self)
      return [Outcome.failed.rawValue] + Array("process \(rank): \(text)".utf8)
    }
    let isCancelled = messages.contains { $0.first == Outcome.cancelled.rawValue }
    return [isCancelled ? Outcome.cancelled.rawValue : Outcome.done.rawValue]
  }
}

private enum Outcome: UInt8 {
  case done
  case cancelled
  case failed
}
