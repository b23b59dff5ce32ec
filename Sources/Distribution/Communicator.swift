import CMPI
import Foundation
import Synchronization
import Workers

/// What MPI cannot do.
package struct CommunicationError: Error, Hashable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }

  /// What a call said; nil for nothing.
  init?(_ status: Int32, _ text: [CChar]) {
    if status == 0 { return nil }
    let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    self.init("MPI: \(String(decoding: bytes, as: UTF8.self))")
  }
}

/// All processes that mpirun or srun has started together, over MPI.
package final class Communicator: Exchange {
  package let rank: Int
  package let count: Int
  /// This machine's name.
  package let host: String

  private let traffic = Mutex(Traffic())

  /// Bytes that this process has sent and received.
  package struct Traffic: Sendable {
    package var sent = 0
    package var received = 0
  }

  /// Starts MPI.
  ///
  /// - Parameters:
  ///   - library: The file that scripts/build-mpi makes.
  ///   - started: How many processes there are to be; nil where it is not known.
  /// - Throws: ``CommunicationError`` where it is missing, MPI cannot start or finds this process alone.
  package init(library: String, started: Int?) throws {
    guard FileManager.default.fileExists(atPath: library) else {
      throw CommunicationError(
        "started by mpirun or srun, but \(library) is missing: build it with scripts/build-mpi, or set "
          + "NRES_MPI to where it is")
    }
    var place = cmpi_place()
    var text = [CChar](repeating: 0, count: 512)
    let status = cmpi_begin(library, &place, &text)
    if let error = CommunicationError(status, text) { throw error }
    (rank, count) = (Int(place.rank), Int(place.count))
    if count == 1, let started, started > 1 {
      cmpi_end()
      // Each would make a run of its own.
      throw CommunicationError(
        "\(started) processes were started together, but the MPI of \(library) finds one: build it with the "
          + "mpicc of their launcher (scripts/build-mpi), or choose srun's --mpi for it")
    }
    host = withUnsafeBytes(of: place.host) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// What has gone over MPI so far.
  package var bytes: Traffic { traffic.withLock(\.self) }

  package func broadcast(_ bytes: [UInt8]) throws -> [UInt8] {
    // Short messages are whole with their length.
    var head = [UInt8](repeating: 0, count: Self.headSize)
    if rank == 0 {
      withUnsafeBytes(of: Int64(bytes.count).littleEndian) { head.replaceSubrange(0..<8, with: $0) }
      head.replaceSubrange(
        8..<8 + min(bytes.count, Self.headSize - 8), with: bytes.prefix(head.count - 8))
    }
    try broadcast(into: &head)
    let count = head.withUnsafeBytes { Int(Int64(littleEndian: $0.loadUnaligned(as: Int64.self))) }
    let room = Self.headSize - 8
    if count <= room { return Array(head[8..<8 + count]) }
    var rest = rank == 0 ? Array(bytes[room...]) : [UInt8](repeating: 0, count: count - room)
    try broadcast(into: &rest)
    return Array(head[8...]) + rest
  }

  private static let headSize = 1024

  private func broadcast(into bytes: inout [UInt8]) throws {
    var text = [CChar](repeating: 0, count: 512)
    let count = bytes.count
    let status = cmpi_broadcast(&bytes, Int64(count), &text)
    if let error = CommunicationError(status, text) { throw error }
    traffic.withLock {
      if rank == 0 { $0.sent += count * (self.count - 1) } else { $0.received += count }
    }
  }

  package func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var counts = [Int64](repeating: 0, count: rank == 0 ? count : 0)
    var text = [CChar](repeating: 0, count: 512)
    let counted = cmpi_gather_counts(Int64(bytes.count), &counts, &text)
    if let error = CommunicationError(counted, text) { throw error }
    let total = counts.reduce(0) { $0 + Int($1) }
    var all = [UInt8](repeating: 0, count: total)
    let status = cmpi_gather(bytes, Int64(bytes.count), &all, counts, &text)
    if let error = CommunicationError(status, text) { throw error }
    traffic.withLock {
      if rank == 0 { $0.received += total - bytes.count } else { $0.sent += bytes.count }
    }
    var first = 0
    return counts.map { count in
      defer { first += Int(count) }
      return Array(all[first..<first + Int(count)])
    }
  }

  /// Ends MPI, when all processes do.
  package static func end() { cmpi_end() }

  /// Ends this process and all others at once.
  package static func abort(_ status: Int32) -> Never {
    // A link that is down must not keep this process.
    let watch = Thread {
      Thread.sleep(forTimeInterval: 2)
      _exit(status)
    }
    watch.start()
    cmpi_abort(status)
    _exit(status)
  }
}
