import Distribution
import Foundation
import TestSupport
import Testing
import Workers

@testable import Trainer

/// Programs side by side, with `/bin/sh` for `nres`.
struct ChildRunsTests {
  private func children(_ statuses: [Int], in folder: TemporaryFolder) -> ChildRuns {
    ChildRuns(
      statuses.enumerated().map { index, status in
        ChildRuns.Child(
          arguments: ["-c", "echo $0 $1 $OMPI_COMM_WORLD_SIZE; exit \(status)"],
          log: folder("logs/\(index)"))
      }, sideBySide: 2)
  }

  @Test func statusesAndLogsAreThoseOfEach() throws {
    let folder = try TemporaryFolder()
    let statuses = try children([0, 3, 0, 7, 1], in: folder)
      .run(program: "/bin/sh", isCancelled: { false })
    #expect(statuses == [0, 3, 0, 7, 1])
    let threads = max(1, ProcessorCount.usable / 2)
    for index in 0..<5 {
      #expect(
        try String(contentsOfFile: folder("logs/\(index)"), encoding: .utf8)
          == "--threads \(threads)\n")
    }
  }

  /// Of processes that were started together each runs some, and the first one knows of all.
  @Test(arguments: [2, 3])
  func processesShareThem(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let runs = children([0, 3, 0, 7, 1], in: folder)
    let statuses: [Int32?] = try LocalExchange.run(count) { exchange in
      guard exchange.rank > 0 else {
        let found = try runs.run(
          program: "/bin/sh", over: exchange, isCancelled: { false }, atWork: {})
        try exchange.order(.end)
        return found
      }
      var companion = Companion(exchange, program: "/bin/sh", cancellation: .never)
      try companion.serve()
      return []
    }
    #expect(statuses == [0, 3, 0, 7, 1])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("logs")).count == 5)
    let share = try runs.run(program: "/bin/sh", rank: 1, of: count, isCancelled: { false })
    #expect(share.enumerated().allSatisfy { ($0 % count == 1) == ($1 != nil) })
  }

  @Test func whatIsCancelledEnds() throws {
    let folder = try TemporaryFolder()
    let runs = ChildRuns(
      (0..<4).map { ChildRuns.Child(arguments: ["-c", "sleep 60"], log: folder("\($0)")) },
      sideBySide: 2)
    var isCancelled = false
    let statuses = try runs.run(
      program: "/bin/sh", isCancelled: { isCancelled }, atWork: { isCancelled = true })
    #expect(statuses == [SIGTERM, SIGTERM, nil, nil])
  }

  @Test func aLogThatCannotBeWrittenIsSaid() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("logs", "a file".utf8)
    #expect(throws: (any Error).self) {
      try children([0], in: folder).run(program: "/bin/sh", isCancelled: { false })
    }
  }

  @Test func aChildIsAloneUnderALauncher() {
    let marks = ["OMPI_COMM_WORLD_SIZE": "4", "PMIX_RANK": "1", "PMI_SIZE": "4", "HOME": "/h"]
    #expect(Launcher.isPresent(in: marks))
    #expect(Launcher.withoutMarks(marks) == ["HOME": "/h"])
  }
}
