import Dispatch
import Foundation
import Glibc
import Synchronization

/// Ctrl-C and other wishes of the outside that a command come to its end.
enum Interrupt {
  /// The signal that came, 0 for none.
  private static let signalNumber = Atomic<Int32>(0)

  static var wasRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// When ``isOverdue`` first found a signal, in nanoseconds of the system's clock; 0 for not yet.
  private static let noticed = Atomic<UInt64>(0)

  /// Whether a signal came so long ago that work is to be thrown away which would soon have been done.
  static var isOverdue: Bool {
    guard wasRequested else { return false }
    let now = DispatchTime.now().uptimeNanoseconds
    let (isFirst, first) = noticed.compareExchange(expected: 0, desired: now, ordering: .relaxed)
    // Another thread may have asked the clock a little later, and come first.
    return !isFirst && now > first + 300_000_000
  }

  /// The exit status that tells which signal came; nil for none.
  static var status: ExitStatus? {
    let number = signalNumber.load(ordering: .relaxed)
    if number == SIGALRM { return .outOfTime }
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
    for number in [SIGUSR1, SIGXCPU] {
      Glibc.signal(number) { Interrupt.signalNumber.store($0, ordering: .relaxed) }
    }
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) { number in
        Interrupt.signalNumber.store(number, ordering: .relaxed)
        Glibc.signal(number, SIG_DFL)
      }
    }
  }

  /// Notes every such signal, a closed terminal included, however often it comes: for work that
  /// asks often and has something to tidy up.
  static func installForTidyEnd() {
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !ignoresHangUp {
      Glibc.signal(number) { Interrupt.signalNumber.store($0, ordering: .relaxed) }
    }
  }

  /// The signal that came; 0 for none.
  static var signal: Int32 { signalNumber.load(ordering: .relaxed) }

  /// Notes a signal that came to another process which works on the same run.
  static func note(_ signal: Int32) {
    _ = signalNumber.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
  }

  /// Notes signals in a process that ends with the first one, which is told of them.
  static func installForCompanion() {
    installForTidyEnd()
    for number in [SIGUSR1, SIGXCPU] {
      Glibc.signal(number) { Interrupt.signalNumber.store($0, ordering: .relaxed) }
    }
  }

  /// Has the program come to its end after so many seconds.
  static func end(after seconds: Double) {
    Glibc.signal(SIGALRM) { Interrupt.signalNumber.store($0, ordering: .relaxed) }
    let whole = seconds.rounded(.down)
    var timer = itimerval(
      it_interval: timeval(),
      it_value: timeval(
        tv_sec: Int(min(whole, 1e9)), tv_usec: max(1, Int((seconds - whole) * 1e6))))
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }

  /// Whether the program was started by `nohup`, to outlive its terminal.
  private static var ignoresHangUp: Bool {
    var action = sigaction()
    sigaction(SIGHUP, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
