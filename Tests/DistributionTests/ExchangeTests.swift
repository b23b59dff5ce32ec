import Foundation
import Randomness
import Snapshots
import TestSupport
import Testing
import Workers

@testable import Distribution

struct ExchangeTests {
  @Test func sharesOfWorkAreGatheredInOrder() throws {
    for count in [1, 2, 3, 5] {
      let found = try LocalExchange.run(count) { exchange in
        var pool = WorkerPool(threadCount: 1)
        pool.exchange = exchange
        return try pool.collected { pool.share(of: 20).map { Double($0) } }
      }
      #expect(found == (0..<20).map { Double($0) })
    }
  }

  /// More processes than pieces of work: some have none.
  @Test func processesMayHaveNothingToDo() throws {
    let found = try LocalExchange.run(5) { exchange in
      var pool = WorkerPool(threadCount: 1)
      pool.exchange = exchange
      return try pool.collected { pool.share(of: 3).map { Float($0) } }
    }
    #expect(found == [0, 1, 2])
  }

  private struct Broken: Error, CustomStringConvertible { var description: String { "broken" } }

  /// Whoever fails, all go on to what comes next together, and the first one says why.
  @Test(arguments: [0, 1, 2])
  func anErrorIsToldToAll(_ failing: Int) throws {
    let said = try LocalExchange.run(3) { exchange in
      var said = ""
      do {
        _ = try exchange.gather {
          if exchange.rank == failing { throw Broken() }
          return [1]
        }
        said = "nothing"
      } catch { said = "\(error)" }
      let after = exchange.gather(Array(said.utf8))
      return after.map { String(decoding: $0, as: UTF8.self) }
    }
    let expected = (0..<3).map { $0 == failing ? "broken" : "process \(failing): broken" }
    #expect(said == expected)
  }

  /// What was cancelled is thrown away everywhere; an error is more than that.
  @Test func cancellationIsToldToAll() throws {
    let kinds = try LocalExchange.run(3) { exchange in
      var kinds: [[UInt8]] = []
      for fails in [false, true] {
        do {
          _ = try exchange.gather {
            if exchange.rank == 2 { throw CancellationError() }
            if fails, exchange.rank == 1 { throw Broken() }
            return []
          }
        } catch {
          let kind: UInt8 = error is CancellationError ? 1 : error is DistantError ? 2 : 3
          kinds.append(exchange.gather([kind]).flatMap(\.self))
        }
      }
      return kinds
    }
    #expect(kinds == [[1, 1, 1], [2, 3, 1]])
  }

  @Test func ordersAreReadAsTheyWereWritten() throws {
    let key = PRNGKey(seed: 0x1_0000_0002)
    let state = Snapshot(
      leaves: [.init(name: "a", type: .float32, bytes: [1, 2, 3, 4])],
      counts: ["a": [.init(value: 1, times: 1)]], texts: ["b": ["x", "y"]])
    let orders: [Order] = [
      .end, .open("{}"), .begin(microbatch: 1, shares: 2, theta: [1, 2], key: key, state: nil),
      .begin(microbatch: 1, shares: 7, theta: [], key: key, state: state),
      .window(microbatch: 2, keepsState: true, theta: [.nan, -0.0], key: key),
      .goBack(microbatch: 3), .snapshot(microbatch: 4),
      .evaluate(theta: [.infinity], keys: [key, key.split().0]),
    ]
    for order in orders {
      let bytes = order.bytes
      #expect(try Order(bytes).bytes == bytes)
      for count in bytes.indices {
        #expect(throws: ByteReader.TooShort.self) { try Order(Array(bytes.prefix(count))) }
      }
    }
    guard case .begin(1, 7, let theta, key, let found?) = try Order(orders[3].bytes) else {
      Issue.record("another order")
      return
    }
    #expect(theta.isEmpty)
    #expect(found == state)
  }

  @Test func theSlowestIsNamed() {
    #expect(Pace(seconds: [1]).slowest == nil)
    let slowest = Pace(seconds: [1, 3, 2]).slowest
    #expect(slowest == Pace.Slowest(rank: 1, ratio: 1.5))
    // What was slow for a while is so no longer.
    var pace = Pace()
    for _ in 0..<5 { pace.add(Pace(seconds: [1, 3])) }
    #expect(pace.slowest?.rank == 1)
    for _ in 0..<50 { pace.add(Pace(seconds: [2, 1])) }
    #expect(pace.slowest?.rank == 0)
  }
}

struct LauncherTests {
  @Test(
    arguments: [
      ([:], false), (["SLURM_NTASKS": "8", "SLURM_PROCID": "0"], false),
      (["OMPI_COMM_WORLD_SIZE": "1"], false), (["OMPI_COMM_WORLD_SIZE": "2"], true),
      (["PMI_RANK": "0", "PMI_SIZE": "4"], true), (["PMI_RANK": "0", "PMI_SIZE": "1"], false),
      (["PMIX_RANK": "0", "SLURM_STEP_NUM_TASKS": "3"], true),
      (["PMIX_RANK": "0", "SLURM_STEP_NUM_TASKS": "1"], false),
    ] as [([String: String], Bool)])
  func isFoundByItsMarks(_ environment: [String: String], _ isPresent: Bool) {
    #expect(Launcher.isPresent(in: environment) == isPresent)
  }

  @Test func launchersSayHowManyThereAre() {
    #expect(Launcher.count(in: ["OMPI_COMM_WORLD_SIZE": "2"]) == 2)
    #expect(Launcher.count(in: ["PMI_SIZE": "4", "SLURM_STEP_NUM_TASKS": "8"]) == 4)
    #expect(Launcher.count(in: ["PMIX_RANK": "0", "SLURM_STEP_NUM_TASKS": "3"]) == 3)
    #expect(Launcher.count(in: ["PMIX_RANK": "0"]) == nil)
    #expect(Launcher.count(in: ["SLURM_STEP_NUM_TASKS": "3"]) == nil)
  }

  @Test func libraryIsBesideTheProgram() {
    #expect(
      Launcher.libraryPath(in: [:], program: "/opt/nres/bin/nres")
        == "/opt/nres/bin/libnres-mpi.so")
    #expect(Launcher.libraryPath(in: ["NRES_MPI": "/x.so"], program: "/opt/nres") == "/x.so")
    #expect(Launcher.rank(in: ["PMI_RANK": "3"]) == 3)
    #expect(Launcher.rank(in: [:]) == 0)
  }

  @Test("a library that was built with another program is not called")
  func libraryOfAnotherProgramIsRefused() throws {
    let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps")).readToEnd()
    let lines = String(decoding: maps ?? Data(), as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.first { $0.hasSuffix("/libc.so.6") })
    let file = String(line[try #require(line.firstIndex(of: "/"))...])
    #expect(
      throws: CommunicationError(
        "MPI: \(file) is of another nres: build it anew with scripts/build-mpi")
    ) {
      try Communicator(library: file, started: nil)
    }
  }
}
