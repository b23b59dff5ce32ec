import Distribution
import Foundation
import Synchronization
import Trainer
import Workers

/// The processes that mpirun or srun has started together with this one.
enum Together {
  /// Seconds after which a process that is silent counts as lost; less once the run is to end.
  private static let patience = 10.0
  private static let lastPatience = 0.7

  private struct State {
    var communicator: Communicator
    var introductions: [Introduction]
  }

  private static let state = Mutex<State?>(nil)

  /// What runs are shared over; nil where this process is alone.
  static var exchange: (any Exchange)? { communicator }

  static var communicator: Communicator? { state.withLock { $0?.communicator } }

  /// What a process is called: `process 1 on node7`.
  static func name(of rank: Int) -> String {
    let host = state.withLock { state in
      state.flatMap { $0.introductions.indices.contains(rank) ? $0.introductions[rank].host : nil }
    }
    return "process \(rank)" + (host.map { " on \($0)" } ?? "")
  }

  /// Finds the others, if there are any. All but the first process then do what that one says, and end
  /// with it.
  static func begin() throws {
    let environment = ProcessInfo.processInfo.environment
    guard Launcher.isPresent(in: environment) else { return }
    let communicator: Communicator
    do {
      communicator = try Communicator(
        library: Launcher.libraryPath(in: environment, program: executablePath),
        started: Launcher.count(in: environment))
    } catch {
      // One line is enough.
      if Launcher.rank(in: environment) > 0 { exit(ExitStatus.unavailable.rawValue) }
      throw error
    }
    if communicator.count == 1 { return Communicator.end() }
    let isFirst = communicator.rank == 0
    if !isFirst { Interrupt.installForCompanion() }
    let signs = Signs(isFirst: isFirst)
    signs.start(communicator, patience: patience, lastPatience: lastPatience)
    do {
      let introductions = try communicator.introduce(Introduction(host: communicator.host))
      state.withLock {
        $0 = State(communicator: communicator, introductions: introductions)
      }
    } catch  where !(error is CommunicationError) {
      // The others are told that there is nothing to do.
      state.withLock { $0 = State(communicator: communicator, introductions: []) }
      throw error
    }
    if isFirst { return }
    var companion = Companion(
      communicator, program: executablePath, cancellation: Cancellation { signs.isCancelled })
    do { try companion.serve() } catch { fail(with: "\(error)") }
    Communicator.end()
    exit(ExitStatus.success.rawValue)
  }

  /// Lets the others end.
  static func end() {
    guard
      let communicator = state.withLock({ state in
        defer { state = nil }
        return state?.communicator
      })
    else { return }
    do { try communicator.order(.end) } catch { fail(with: "\(error)") }
    Communicator.end()
  }

  /// Ends all processes, since they cannot talk to each other.
  fileprivate static func fail(with text: String) -> Never {
    tellError(text)
    Communicator.abort(ExitStatus.unavailable.rawValue)
  }
}

/// What goes with signs of life: of the first process whether work is to be thrown away, of the others the
/// signal that came.
private final class Signs: Sendable {
  private let isFirst: Bool
  private let cancelled = Atomic(false)

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  init(isFirst: Bool) { self.isFirst = isFirst }

  func start(_ communicator: Communicator, patience: Double, lastPatience: Double) {
    let isFirst = isFirst
    LifeSigns.start(
      communicator,
      patience: { isFirst && Interrupt.wasRequested ? lastPatience : patience },
      word: { isFirst ? (Interrupt.isOverdue ? 1 : 0) : Interrupt.signal },
      received: { [self] word, _ in
        if isFirst { Interrupt.note(word) } else { cancelled.store(true, ordering: .relaxed) }
      },
      lost: { rank, reason in
        guard let rank else { Together.fail(with: reason) }
        Together.fail(
          with: isFirst
            ? "\(Together.name(of: rank)) \(reason): the run ends here, its last checkpoint stays"
            : "the first process \(reason): this one ends")
      })
  }
}

/// Where this program lies.
var executablePath: String {
  (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]
}
