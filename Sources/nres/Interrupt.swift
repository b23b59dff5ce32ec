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

  /// Notes Ctrl-C and a request to terminate; the second of them ends the program at once.
  static func install() {
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
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { Interrupt.signalNumber.store($0, ordering: .relaxed) }
    }
  }
}
