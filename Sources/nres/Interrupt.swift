import Foundation
import Synchronization

/// Ctrl-C: the first asks the run to end after its iteration, a second ends the program.
enum Interrupt {
  private static let request = Atomic(false)

  static var wasRequested: Bool { request.load(ordering: .relaxed) }

  /// Ends a command that leaves nothing behind when it is interrupted.
  struct Requested: Error, CustomStringConvertible {
    var description: String { "interrupted; nothing was written" }
  }

  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interrupt.request.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}
