import Distribution
import Foundation
import Records
package import Workers

/// Runs that are programs of their own, several at a time. Of processes that were started together each has
/// its share of them.
package struct ChildRuns: Codable, Sendable {
  package struct Child: Codable, Sendable {
    /// What `nres` is told.
    package var arguments: [String]
    /// The file for what it prints.
    package var log: String

    package init(arguments: [String], log: String) { (self.arguments, self.log) = (arguments, log) }
  }

  package var children: [Child]
  /// At a time in each process; nil for one a processor.
  package var sideBySide: Int?

  package init(_ children: [Child], sideBySide: Int?) {
    (self.children, self.sideBySide) = (children, sideBySide)
  }

  /// Runs this process's share: every so many-th.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked some times a second; when it is so, programs are told to end, and no more begin.
  ///   - atWork: Called some times a second.
  /// - Returns: Their exit statuses; nil for those that did not run here.
  /// - Throws: `RecordError` where a log cannot be written.
  package func run(
    program: String, rank: Int = 0, of count: Int = 1, isCancelled: () -> Bool,
    atWork: () -> Void = {}
  ) throws -> [Int32?] {
    var statuses = [Int32?](repeating: nil, count: children.count)
    var waiting = children.indices.filter { $0 % count == rank }[...]
    let atOnce = sideBySide ?? ProcessorCount.usable
    let threads = max(1, ProcessorCount.usable / max(1, min(atOnce, waiting.count)))
    var working: [(index: Int, process: Process)] = []
    do {
      while !working.isEmpty || !waiting.isEmpty && !isCancelled() {
        while working.count < atOnce, !isCancelled(), let index = waiting.popFirst() {
          working.append((index, try start(children[index], program, threads: threads)))
        }
        working.removeAll { child in
          // Asked once: a program may end at any moment.
          guard !child.process.isRunning else { return false }
          statuses[child.index] = child.process.terminationStatus
          return true
        }
        if isCancelled() { for child in working { child.process.terminate() } }
        atWork()
        usleep(50_000)
      }
    } catch {
      for child in working { child.process.terminate() }
      for child in working { child.process.waitUntilExit() }
      throw error
    }
    return statuses
  }

  private func start(_ child: Child, _ program: String, threads: Int) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = child.arguments + ["--threads", "\(threads)"]
    process.environment = Launcher.withoutMarks(ProcessInfo.processInfo.environment)
    try? FileManager.default.createDirectory(
      at: URL(filePath: child.log).deletingLastPathComponent(), withIntermediateDirectories: true)
    guard FileManager.default.createFile(atPath: child.log, contents: nil),
      let output = FileHandle(forWritingAtPath: child.log)
    else { throw RecordError(.cannotCreate, child.log, "cannot be written") }
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs all of them, shared out over the processes of `exchange`, of which this one is the first.
  package func run(
    program: String, over exchange: (any Exchange)?, isCancelled: () -> Bool, atWork: () -> Void
  ) throws -> [Int32?] {
    guard let exchange else {
      return try run(program: program, isCancelled: isCancelled, atWork: atWork)
    }
    let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    try exchange.order(.launch(text))
    let answers = try exchange.gather {
      try Self.bytes(
        run(
          program: program, rank: exchange.rank, of: exchange.count, isCancelled: isCancelled,
          atWork: atWork))
    }
    var statuses = [Int32?](repeating: nil, count: children.count)
    for answer in answers {
      let found = try JSONDecoder().decode([Int32?].self, from: Data(answer))
      for (index, status) in found.enumerated() where status != nil { statuses[index] = status }
    }
    return statuses
  }

  /// What another process than the first does with the text of an order.
  static func obey(
    _ text: String, program: String, exchange: any Exchange, isCancelled: () -> Bool
  ) throws -> [UInt8] {
    let runs = try JSONDecoder().decode(ChildRuns.self, from: Data(text.utf8))
    return try bytes(
      runs.run(
        program: program, rank: exchange.rank, of: exchange.count, isCancelled: isCancelled))
  }

  private static func bytes(_ statuses: [Int32?]) throws -> [UInt8] {
    try JSONEncoder().encode(statuses).map(\.self)
  }
}
