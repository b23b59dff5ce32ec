import Foundation
import Synchronization

/// Ctrl-C and other wishes of the outside that a command come to its end.
enum Interrupt {
  /// The signal that came, 0 for none.
  private static let signalNumber = Atomic<Int32>(0)

  static var wasRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// The exit status that tells which signal came; nil for none.
  static var status: ExitStatus? {
    let number = signalNumber.load(ordering: .relaxed)
    return number == 0 ? nil : ExitStatus(rawValue: 128 + number) ?? .failure
  }

  /// Ends a command that leaves nothing behind when it is interrupted.
  struct Requested: Error, CustomStringConvertible {
    var status: ExitStatus { Interrupt.status ?? .failure }

    var description: String { "interrupted; nothing was written" }
  }

  /// Notes Ctrl-C, a request to terminate and a closed terminal; the second of the first two ends the
  /// program at once. Terminals and shells tell of their end more than once.
  static func install() {
    installForTidyEnd()
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interrupt.signalNumber.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  /// Notes every such signal, a closed terminal included, however often it comes: for work that
  /// asks often and has something to tidy up.
  static func installForTidyEnd() {
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !ignoresHangUp {
      signal(number) { Interrupt.signalNumber.store($0, ordering: .relaxed) }
    }
  }

  /// Whether the program was started by `nohup`, to outlive its terminal.
  private static var ignoresHangUp: Bool {
    var action = sigaction()
    sigaction(SIGHUP, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
