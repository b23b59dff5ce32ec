public import Foundation

extension Process {
  /// Runs the process with no signal blocked, nor SIGHUP ignored. The threads of tests block them,
  /// `nohup` ignores that one, and a child inherits both.
  public func start() throws {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    let handler = signal(SIGHUP, SIG_DFL)
    defer { signal(SIGHUP, handler) }
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }
}
