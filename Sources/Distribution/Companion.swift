package import Estimators
import Foundation
package import Randomness
package import Snapshots
package import Workers

/// A process that does what the first one says: it runs its share of the particles and of evaluations, and
/// neither reads nor writes a run's files; or it starts its share of the programs that make whole runs.
package struct Companion {
  /// What it can do, which depends on the run's task.
  package struct Work {
    /// Makes this process's part of a microbatch.
    package var makeEstimator:
      (
        _ theta: [Float], _ key: PRNGKey, _ state: Snapshot?, _ share: ParticleShare
      ) throws -> any GradientEstimator
    /// Evaluates its share of the episodes.
    package var evaluate: (_ theta: [Float], _ keys: [PRNGKey]) throws -> Void

    package init(
      makeEstimator:
        @escaping (
          _ theta: [Float], _ key: PRNGKey, _ state: Snapshot?, _ share: ParticleShare
        ) throws -> any GradientEstimator,
      evaluate: @escaping (_ theta: [Float], _ keys: [PRNGKey]) throws -> Void
    ) {
      (self.makeEstimator, self.evaluate) = (makeEstimator, evaluate)
    }
  }

  private let exchange: any Exchange
  private let open: (_ settings: String) throws -> (work: Work, answer: [UInt8])
  private let launch: (_ programs: String) throws -> [UInt8]
  private var work: Work?
  private var parts: [Int: any PartialEstimator] = [:]
  /// How many processes have a part.
  private var shares = 0

  /// - Parameters:
  ///   - open: Makes a run's task from its settings, and what is to be compared of it.
  ///   - launch: Runs its share of some programs, and says how they ended.
  package init(
    _ exchange: any Exchange,
    open: @escaping (_ settings: String) throws -> (work: Work, answer: [UInt8]),
    launch: @escaping (_ programs: String) throws -> [UInt8] = { _ in
      throw DistantError("no programs can be started")
    }
  ) {
    (self.exchange, self.open, self.launch) = (exchange, open, launch)
  }

  /// Does what it is told until the end.
  ///
  /// - Throws: What keeps processes from talking to each other; all else is told to the first one.
  package mutating func serve() throws {
    while true {
      let order = try Order(exchange.broadcast([]))
      if case .end = order { return }
      do {
        try obey(order)
      } catch let error as CommunicationError {
        throw error
      } catch {
        // The first process has it from the answer, and decides.
      }
    }
  }

  private mutating func obey(_ order: Order) throws {
    switch order {
    case .end: break
    case .open(let settings):
      (work, parts) = (nil, [:])
      _ = try exchange.gather {
        let opened = try open(settings)
        work = opened.work
        return opened.answer
      }
    case .begin(let microbatch, let shares, let theta, let key, let state):
      self.shares = shares
      parts[microbatch] = nil
      _ = try exchange.gather {
        guard exchange.rank < shares else { return [] }
        let share = ParticleShare(exchange.rank, of: shares)
        let part = try opened.makeEstimator(theta, key, state, share).asPart
        parts[microbatch] = part
        return try Array(JSONEncoder().encode(part.beginning))
      }
    case .window(let microbatch, let keepsState, let theta, let key):
      _ = try exchange.gather {
        guard exchange.rank < shares else { return [] }
        let part = try part(microbatch)
        if keepsState { part.keepState() } else { part.forgetState() }
        let started = ContinuousClock.now
        let sums = try part.sums(theta: theta, key: key)
        var writer = ByteWriter()
        writer.write((ContinuousClock.now - started) / .seconds(1))
        for sum in sums { sum.write(to: &writer) }
        return writer.bytes
      }
    case .goBack(let microbatch): try part(microbatch).goBack()
    case .snapshot(let microbatch):
      _ = try exchange.gather { try part(microbatch).partialSnapshot().bytes }
    case .evaluate(let theta, let keys): try opened.evaluate(theta, keys)
    case .launch(let programs): _ = try exchange.gather { try launch(programs) }
    }
  }

  private var opened: Work {
    get throws {
      guard let work else { throw DistantError("no run is open") }
      return work
    }
  }

  private func part(_ microbatch: Int) throws -> any PartialEstimator {
    guard let part = parts[microbatch] else { throw DistantError("no such microbatch") }
    return part
  }
}
